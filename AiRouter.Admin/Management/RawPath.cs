using Microsoft.AspNetCore.Http.Features;

namespace AiRouter.Admin.Management;

/// <summary>
/// Names in paths as they were sent. Routing leaves <c>%2F</c> encoded and decodes everything else, so that a name with a slash and
/// one with the letters <c>%2F</c> would look alike.
/// </summary>
internal static class RawPath
{
    /// <summary>What follows a path's beginning, decoded once: a name with any character, slashes encoded or not.</summary>
    /// <param name="request">The request.</param>
    /// <param name="beginning">The path before the name, such as <c>/api/v1/models/</c>.</param>
    public static string NameAfter(HttpRequest request, string beginning) => Uri.UnescapeDataString(After(request, beginning));

    /// <summary>The one segment that follows a path's beginning, decoded once.</summary>
    /// <param name="request">The request.</param>
    /// <param name="beginning">The path before the name, such as <c>/api/v1/keys/</c>.</param>
    public static string SegmentAfter(HttpRequest request, string beginning) =>
        Uri.UnescapeDataString(After(request, beginning).Split('/')[0]);

    private static string After(HttpRequest request, string beginning)
    {
        var raw = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var end = raw.IndexOf('?', StringComparison.Ordinal);
        var path = end < 0 ? raw : raw[..end];
        var at = path.IndexOf(beginning, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? "" : path[(at + beginning.Length)..];
    }
}
