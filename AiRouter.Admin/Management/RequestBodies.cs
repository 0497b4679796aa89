using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management;

/// <summary>Reads request bodies, as strictly as configuration files are read.</summary>
internal static class RequestBodies
{
    /// <summary>The largest body.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    /// <summary>The record that a JSON body describes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="place">Names that problems are told below.</param>
    public static async Task<Outcome<T>> ReadAsync<T>(HttpRequest request, params string[] place)
        where T : class
    {
        var bytes = await ReadBytesAsync(request);
        if (bytes.Failure is { } failure)
        {
            return failure;
        }

        var (record, problems) = RecordJson.Read<T>(bytes.Value, place);
        return record is null ? ManagementFailure.Invalid(problems) : record;
    }

    /// <summary>As <see cref="ReadAsync{T}"/>, where no body means a record of defaults.</summary>
    public static async Task<Outcome<T>> ReadOptionalAsync<T>(HttpRequest request)
        where T : class, new() =>
        request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding") ? new T() : await ReadAsync<T>(request);

    /// <summary>The document that a JSON or YAML body is; its records can be read.</summary>
    public static async Task<Outcome<WrittenConfiguration>> ReadDocumentAsync(HttpRequest request)
    {
        var isYaml = IsYaml(request.ContentType);
        var bytes = await ReadBytesAsync(request, isYaml);
        if (bytes.Failure is { } failure)
        {
            return failure;
        }

        var written = ConfigurationText.Read(bytes.Value!, isYaml);
        return written.Value is { Config: null, Problems: var problems } ? ManagementFailure.Invalid(problems) : written;
    }

    /// <summary>The bytes of a JSON body.</summary>
    public static async Task<Outcome<byte[]>> ReadBytesAsync(HttpRequest request, bool isOther = false)
    {
        if (!isOther && !request.HasJsonContentType() && request.ContentType is not "application/merge-patch+json")
        {
            return new ManagementFailure(FailureKind.UnsupportedMediaType, "The body must be JSON (Content-Type: application/json).");
        }

        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        return buffer.ToArray();
    }

    private static bool IsYaml(string? contentType) =>
        contentType?.Split(';')[0].Trim() is "application/yaml" or "application/x-yaml" or "text/yaml" or "text/x-yaml";
}
