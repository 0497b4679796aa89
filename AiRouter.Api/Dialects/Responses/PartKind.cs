namespace AiRouter.Api.Dialects.Responses;

/// <summary>What a part of an item says, and what the API calls it.</summary>
/// <param name="Type">The part's type.</param>
/// <param name="Member">The part's member that has the text.</param>
/// <param name="List">The item's member that has parts of this kind.</param>
/// <param name="TextEvents">What the events of its text begin with.</param>
/// <param name="PartEvents">What the events of the part itself begin with.</param>
/// <param name="IndexMember">The events' member that says which part it is.</param>
internal sealed record PartKind(
    string Type, string Member, string List, string TextEvents, string PartEvents, string IndexMember)
{
    /// <summary>What the model says.</summary>
    public static PartKind Text { get; } = OfContent("output_text", "text");

    /// <summary>How the model refuses.</summary>
    public static PartKind Refusal { get; } = OfContent("refusal", "refusal");

    /// <summary>What the model thinks.</summary>
    public static PartKind Thought { get; } = OfContent("reasoning_text", "text");

    /// <summary>The same for clients that ask for a summary of it, and read nothing else.</summary>
    public static PartKind Summary { get; } = new(
        "summary_text", "text", "summary", "response.reasoning_summary_text", "response.reasoning_summary_part", "summary_index");

    /// <summary>The event of a new part.</summary>
    public string AddedEvent { get; } = $"{PartEvents}.added";

    /// <summary>The event of a piece of text.</summary>
    public string DeltaEvent { get; } = $"{TextEvents}.delta";

    /// <summary>The event of the whole text.</summary>
    public string DoneEvent { get; } = $"{TextEvents}.done";

    /// <summary>The event of the whole part.</summary>
    public string PartDoneEvent { get; } = $"{PartEvents}.done";

    private static PartKind OfContent(string type, string member) =>
        new(type, member, "content", $"response.{type}", "response.content_part", "content_index");
}
