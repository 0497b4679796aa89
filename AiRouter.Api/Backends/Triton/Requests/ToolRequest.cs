using System.Text.Json;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>The tools of a chat request, and which of them the model may or must call.</summary>
internal sealed record ToolRequest
{
    /// <summary>No tools: the prompt shows none and no calls are looked for.</summary>
    public static ToolRequest None { get; } = new();

    /// <summary>
    /// The <c>tools</c> array for the prompt: those that may be called, as the client sent them; null when none may be.
    /// Legacy <c>functions</c> are put into the form of tools.
    /// </summary>
    public JsonElement? Shown { get; init; }

    /// <summary>The functions that may be called; none: the request has no tools, or none may be called.</summary>
    public IReadOnlyList<ToolFunction> Functions { get; init; } = [];

    /// <summary>The model must call at least one.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The one function that must be called (<see cref="IsRequired"/>); null: any.</summary>
    public string? Named { get; init; }

    /// <summary>The model may call several in one answer.</summary>
    public bool IsParallel { get; init; } = true;

    /// <summary>The request has <c>functions</c>: its answer has a <c>function_call</c>.</summary>
    public bool IsLegacy { get; init; }

    /// <summary>Whether there is anything to call.</summary>
    public bool IsAny => Functions.Count > 0;

    /// <summary>What the client calls its tools.</summary>
    public string Parameter => IsLegacy ? "functions" : "tools";

    /// <summary>What the client calls its choice among them.</summary>
    public string ChoiceParameter => IsLegacy ? "function_call" : "tool_choice";
}

/// <summary>A function that may be called.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">The JSON schema of its arguments; null: it takes none, or any.</param>
internal sealed record ToolFunction(string Name, JsonElement? Parameters);
