namespace AiRouter.Api.Sockets;

/// <summary>What of one direction's events the router looks into.</summary>
internal interface IEventView
{
    /// <summary>An event of this type has begun: whether it is looked into. All others go on as they come.</summary>
    bool IsOfInterest(ReadOnlySpan<byte> type);

    /// <summary>Looks into one.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is no JSON, and goes on as it is.</exception>
    EventFate Look(ReadOnlyMemory<byte> json);

    /// <summary>
    /// One that would be looked into, or whose type has not come yet, is too large for that. What its sender is told instead of passing it
    /// on; null: it goes on unread.
    /// </summary>
    /// <param name="beginning">Its first bytes.</param>
    ReadOnlyMemory<byte>? TooLarge(ReadOnlySpan<byte> beginning);
}

/// <summary>What becomes of an event.</summary>
/// <param name="Passed">What goes on in its place; null: nothing.</param>
/// <param name="Answer">What its sender is told; null: nothing.</param>
internal readonly record struct EventFate(ReadOnlyMemory<byte>? Passed, ReadOnlyMemory<byte>? Answer = null);
