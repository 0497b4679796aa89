namespace AiRouter.Api.Dialects.Responses;

/// <summary>What is called, and what both APIs call it.</summary>
/// <param name="ChatType">The type of a call of chat, and its member that has name and arguments.</param>
/// <param name="ItemType">The item's type.</param>
/// <param name="Member">The member that has the arguments, in chat and in the item.</param>
/// <param name="IdPrefix">What the item's id begins with.</param>
internal sealed record CallKind(string ChatType, string ItemType, string Member, string IdPrefix)
{
    /// <summary>A function, with arguments in JSON.</summary>
    public static CallKind Function { get; } = new("function", "function_call", "arguments", "fc_");

    /// <summary>A tool that takes any text.</summary>
    public static CallKind Custom { get; } = new("custom", "custom_tool_call", "input", "ctc_");

    /// <summary>The event of a piece of the arguments.</summary>
    public string DeltaEvent { get; } = $"response.{ItemType}_{Member}.delta";

    /// <summary>The event of the whole arguments.</summary>
    public string DoneEvent { get; } = $"response.{ItemType}_{Member}.done";
}
