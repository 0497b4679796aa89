namespace AiRouter.Api.Dialects.Responses;

/// <summary>What a part of an item's content says, and what the API calls it.</summary>
/// <param name="Type">The part's type; its events are named after it.</param>
/// <param name="Member">The part's member that has the text.</param>
internal sealed record PartKind(string Type, string Member)
{
    /// <summary>What the model says.</summary>
    public static PartKind Text { get; } = new("output_text", "text");

    /// <summary>How the model refuses.</summary>
    public static PartKind Refusal { get; } = new("refusal", "refusal");

    /// <summary>What the model thinks.</summary>
    public static PartKind Thought { get; } = new("reasoning_text", "text");

    /// <summary>The event of a piece of text.</summary>
    public string DeltaEvent { get; } = $"response.{Type}.delta";

    /// <summary>The event of the whole text.</summary>
    public string DoneEvent { get; } = $"response.{Type}.done";
}
