namespace AiRouter.Api.Backends.OpenAi;

/// <summary>What a backend says its answer is.</summary>
internal static class MediaTypes
{
    /// <summary>The content type as it was sent, or null when there is none that could be sent on.</summary>
    public static string? Of(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) &&
        values.ToString() is var type && ResponseHeaders.CanBeSent(type)
            ? type
            : null;

    /// <summary>JSON under any of its names.</summary>
    public static bool IsJson(HttpResponseMessage response) =>
        Bare(response) is var type && (type.EndsWith("/json", StringComparison.OrdinalIgnoreCase) ||
            type.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    /// <summary>A stream of events.</summary>
    public static bool IsEvents(HttpResponseMessage response) =>
        Bare(response).Equals("text/event-stream", StringComparison.OrdinalIgnoreCase);

    private static string Bare(HttpResponseMessage response) => (Of(response) ?? "").Split(';')[0].Trim();
}
