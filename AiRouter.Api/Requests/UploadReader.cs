using System.Text;
using System.Text.Unicode;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using Microsoft.Net.Http.Headers;

namespace AiRouter.Api.Requests;

/// <summary>Reads uploads: multipart forms with the few fields that routing needs, and bodies of any kind.</summary>
internal sealed class UploadReader(BodyBudget budget, SpoolFolder folder)
{
    private const long MiB = 1024 * 1024;
    private const int MaxField = 1024;
    private const int MaxBoundary = 200;

    /// <summary>Whether the request says that it is a form.</summary>
    public static bool IsMultipart(HttpRequest request) =>
        request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Sets <see cref="Exchange.Body"/>, and <see cref="Exchange.Facts"/> from a form, or says why not.</summary>
    public async ValueTask<ApiError?> ReadAsync(Exchange exchange)
    {
        var request = exchange.Http.Request;
        string? boundary = null;
        if (IsMultipart(request) && (boundary = BoundaryOf(request.ContentType!)) is null)
        {
            return new ApiError(ErrorCause.InvalidRequest, "The multipart body of your request has no usable boundary.");
        }

        var server = exchange.State.Server;
        var bytes = new SpooledBytes(budget, folder);
        try
        {
            var error = await bytes.ReadAsync(
                request.BodyReader, request.ContentLength, server.MaxUploadMiB * MiB, server.MaxBufferedMiB * MiB, exchange.Aborted);
            IReadOnlyList<MultipartPart> parts = [];
            if (error is null && boundary is not null)
            {
                (parts, error) = await new MultipartScanner(bytes, boundary).ScanAsync(exchange.Aborted);
            }

            if (error is not null)
            {
                return error;
            }

            var body = new UploadBody(bytes, request.ContentType, parts, boundary);
            var (facts, problem) = await FactsOfAsync(body, exchange.Aborted);
            if (problem is null)
            {
                exchange.Body = body;
                exchange.Facts = facts;
            }

            return problem;
        }
        finally
        {
            if (exchange.Body is null)
            {
                bytes.Dispose();
            }
        }
    }

    private static string? BoundaryOf(string contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) &&
        HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= MaxBoundary } boundary
            ? boundary.ToString()
            : null;

    private static async ValueTask<(RequestFacts Facts, ApiError? Error)> FactsOfAsync(
        UploadBody body, CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in body.Parts.Where(p => p.Name is "model" or "stream"))
        {
            if (part.IsFile || part.ValueLength > MaxField)
            {
                return (RequestFacts.None, Refuse(part.Name, "must be a short text"));
            }

            var value = new byte[part.ValueLength];
            await body.Bytes.ReadAtAsync(part.ValueStart, value, cancellationToken);
            if (!Utf8.IsValid(value))
            {
                return (RequestFacts.None, Refuse(part.Name, "is not valid UTF-8"));
            }

            if (!fields.TryAdd(part.Name, Encoding.UTF8.GetString(value)))
            {
                return (RequestFacts.None, Refuse(part.Name, "is there twice"));
            }
        }

        return (new RequestFacts
        {
            Model = fields.GetValueOrDefault("model") is { Length: > 0 } model ? model : null,
            Stream = fields.GetValueOrDefault("stream") is { } stream && bool.TryParse(stream, out var flag) && flag,
        }, null);
    }

    private static ApiError Refuse(string field, string why) =>
        new(ErrorCause.InvalidRequest, $"The form field '{field}' {why}.", field);
}
