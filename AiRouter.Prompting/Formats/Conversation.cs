using System.Text.Json;

namespace AiRouter.Prompting.Formats;

/// <summary>Everything of a chat request that a prompt is made of.</summary>
public sealed record Conversation
{
    /// <summary>The messages, in order.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>The <c>tools</c> array as the client sent it; null when there is none, or none may be called.</summary>
    public JsonElement? Tools { get; init; }

    /// <summary>The <c>documents</c> array as the client sent it (templates for retrieval).</summary>
    public JsonElement? Documents { get; init; }

    /// <summary>The request's <c>chat_template_kwargs</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> Variables { get; init; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>Whether the prompt ends where an answer begins; null: as configured.</summary>
    public bool? AddGenerationPrompt { get; init; }

    /// <summary>Whether the last message, the assistant's, is to be continued; null: as configured.</summary>
    public bool? ContinueFinalMessage { get; init; }

    /// <summary>Whether the backend puts the BOS token before the prompt, so that the template's is left out (R15).</summary>
    public bool BackendAddsBos { get; init; }
}
