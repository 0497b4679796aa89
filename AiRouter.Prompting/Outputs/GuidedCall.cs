using AiRouter.Prompting.Outputs.ToolCalls;

namespace AiRouter.Prompting.Outputs;

/// <summary>
/// Reads answers that guided decoding made calls of (<c>tool_choice</c> required or named), whatever the model's own
/// format.
/// </summary>
public static class GuidedCall
{
    private static readonly JsonCallStyle List = new();

    /// <summary>A parser for one answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="toolName">
    /// The function that must be called: the answer is the object of its arguments. Null: the answer is a list of
    /// <c>{"name": …, "parameters": {…}}</c> (or <c>arguments</c>), or one such object.
    /// </param>
    public static IOutputParser Start(OutputContext context, string? toolName) =>
        toolName is null ? new JsonCallParser(context, List) : new NamedCallParser(context, toolName);
}
