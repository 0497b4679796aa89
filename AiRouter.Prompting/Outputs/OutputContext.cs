using System.Text.Json;

namespace AiRouter.Prompting.Outputs;

/// <summary>What a parser knows of a request before the answer begins.</summary>
public sealed record OutputContext
{
    /// <summary>The names of the tools that may be called; empty: markers of calls are text.</summary>
    public IReadOnlyList<string> ToolNames { get; init; } = [];

    /// <summary>
    /// The <c>tools</c> array as the client sent it: some models write arguments without their types. Null: the types are
    /// guessed from the values.
    /// </summary>
    public JsonElement? Tools { get; init; }

    /// <summary>
    /// The prompt's end, UTF-8, at least 64 bytes where there are: a template that ends in an open <c>&lt;think&gt;</c> makes the
    /// answer begin in the middle of the reasoning.
    /// </summary>
    public ReadOnlyMemory<byte> PromptEnd { get; init; }
}
