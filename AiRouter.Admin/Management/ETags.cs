using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AiRouter.Admin.Management.Failures;
using Microsoft.Net.Http.Headers;

namespace AiRouter.Admin.Management;

/// <summary>Versions as HTTP carries them: ETag, If-Match, If-None-Match.</summary>
internal static class ETags
{
    /// <summary>The ETag of a version.</summary>
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>The ETag of a part of the document, by its content: changes elsewhere leave it as it is.</summary>
    public static string Of(string content) =>
        $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 12))}\"";

    /// <summary>Whether If-Match lets a change of something go on that is there with an ETag; null: yes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="current">The ETag as it is now; null: there is nothing yet.</param>
    /// <param name="what">What it is called.</param>
    /// <param name="isNeeded">Whether something that is there is changed only with If-Match.</param>
    public static ManagementFailure? Check(HttpRequest request, string? current, string what, bool isNeeded)
    {
        if (request.Headers.IfNoneMatch.ToString() == "*" && current is not null)
        {
            return new ManagementFailure(FailureKind.Conflict, $"{what} is there already.") { CurrentVersion = current };
        }

        var ifMatch = request.GetTypedHeaders().IfMatch;
        if (ifMatch.Count == 0)
        {
            return isNeeded && current is not null
                ? new ManagementFailure(
                    FailureKind.PreconditionRequired,
                    $"{what} is there already: send If-Match with the ETag that you read ({current}), or If-Match: * to replace whatever is there.")
                {
                    CurrentVersion = current,
                }
                : null;
        }

        return ifMatch.Any(tag => tag.Equals(EntityTagHeaderValue.Any) ? current is not null : !tag.IsWeak && tag.Tag == current)
            ? null
            : new ManagementFailure(FailureKind.Conflict, $"{what} {(current is null ? "is not there" : "is another one now")}.")
            {
                CurrentVersion = current,
            };
    }

    /// <summary>The version that If-Match names; null: any (<c>*</c>).</summary>
    /// <param name="request">The request.</param>
    /// <param name="current">Called for the version as it is now, when If-Match is missing.</param>
    public static async Task<(long? Version, ManagementFailure? Failure)> ExpectedAsync(
        HttpRequest request, Func<Task<long>> current)
    {
        var ifMatch = request.GetTypedHeaders().IfMatch;
        if (ifMatch is [var any] && any.Equals(EntityTagHeaderValue.Any))
        {
            return (null, null);
        }

        if (ifMatch is [{ IsWeak: false } tag] &&
            long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            return (version, null);
        }

        var now = Of(await current());
        return ifMatch.Count > 0
            ? (null, new ManagementFailure(FailureKind.Conflict, $"If-Match is no version that there ever was; the current one is {now}.")
            {
                CurrentVersion = now,
            })
            : (null, new ManagementFailure(
                FailureKind.PreconditionRequired,
                $"Send If-Match with the ETag that you read ({now} is the current one), so that nobody else's change is overwritten.")
            {
                CurrentVersion = now,
            });
    }

    /// <summary>The version that If-Match names, where it need not be sent; null: any.</summary>
    public static async Task<(long? Version, ManagementFailure? Failure)> OptionalAsync(HttpRequest request, Func<Task<long>> current) =>
        request.Headers.IfMatch.Count == 0 ? (null, null) : await ExpectedAsync(request, current);
}
