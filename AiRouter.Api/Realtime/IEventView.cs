namespace AiRouter.Api.Realtime;

/// <summary>What of one direction's events the router looks into.</summary>
internal interface IEventView
{
    /// <summary>Whether an event of this type is looked into; all others go on as they come.</summary>
    bool IsOfInterest(ReadOnlySpan<byte> type);

    /// <summary>Looks into one.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is no JSON, and goes on as it is.</exception>
    EventFate Look(ReadOnlyMemory<byte> json);

    /// <summary>One was too large to be looked into, and goes on as it is.</summary>
    void Missed();
}

/// <summary>What becomes of an event.</summary>
/// <param name="Passed">What goes on in its place; null: nothing.</param>
/// <param name="Answer">What its sender is told; null: nothing.</param>
internal readonly record struct EventFate(ReadOnlyMemory<byte>? Passed, ReadOnlyMemory<byte>? Answer = null);
