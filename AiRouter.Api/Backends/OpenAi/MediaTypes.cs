using AiRouter.Api.Backends.OpenAi.Connections;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>What a backend says its answer is.</summary>
internal static class MediaTypes
{
    /// <summary>The content type as it was sent, or null when there is none that could be sent on.</summary>
    public static string? Of(UpstreamResponse response) =>
        response.Header(ResponseHeader.ContentType) is { } type && ResponseHeaders.CanBeSent(type) ? type : null;

    /// <summary>JSON under any of its names.</summary>
    public static bool IsJson(UpstreamResponse response) =>
        Bare(response) is var type && (type.EndsWith("/json", StringComparison.OrdinalIgnoreCase) ||
            type.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    /// <summary>A stream of events.</summary>
    public static bool IsEvents(UpstreamResponse response) =>
        Bare(response).Equals("text/event-stream", StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Bare(UpstreamResponse response)
    {
        var type = Of(response).AsSpan();
        return (type.IndexOf(';') is >= 0 and var end ? type[..end] : type).Trim();
    }
}
