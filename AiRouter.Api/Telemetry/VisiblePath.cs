using AiRouter.Core.Keys;

namespace AiRouter.Api.Telemetry;

/// <summary>The path of a request as logs and spans have it: without what looks like a client key, and of bounded length (R39).</summary>
internal static class VisiblePath
{
    private const int Longest = 512;

    /// <summary>The path, escaped, up to the first key in it.</summary>
    public static string Of(HttpRequest request)
    {
        // A client that puts its key into the path has told it to everybody on the way already; nobody is told by us.
        var path = request.PathBase.Add(request.Path).ToUriComponent();
        var key = path.IndexOf(ClientKeys.Prefix, StringComparison.OrdinalIgnoreCase);
        return key >= 0 ? path[..key] + ClientKeys.Prefix + "…"
            : path.Length > Longest ? path[..Longest] + "…"
            : path;
    }
}
