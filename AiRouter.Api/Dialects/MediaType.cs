namespace AiRouter.Api.Dialects;

/// <summary>What a response says that it is.</summary>
internal static class MediaType
{
    /// <summary>It is a stream of events.</summary>
    public static bool IsEvents(string? contentType) =>
        contentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;
}
