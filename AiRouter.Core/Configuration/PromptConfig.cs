using System.Text.Json.Nodes;

namespace AiRouter.Core.Configuration;

/// <summary>How a model's prompt format is used; absent settings are the format's own.</summary>
public sealed record PromptConfig
{
    /// <summary>The <see cref="Completions"/> that go to the model as they are.</summary>
    public const string PlainCompletions = "prompt";

    /// <summary>The <see cref="Completions"/> that are refused.</summary>
    public const string NoCompletions = "disabled";

    /// <summary>The text of the token that begins a prompt (<c>bos_token</c> in the template).</summary>
    public string? Bos { get; init; }

    /// <summary>The text of the token that ends a turn (<c>eos_token</c> in the template).</summary>
    public string? Eos { get; init; }

    /// <summary>Who puts the first token before the prompt (R15); a target may say otherwise.</summary>
    public BosMode BosMode { get; init; } = BosMode.Auto;

    /// <summary>The system message of conversations that have none.</summary>
    public string? System { get; init; }

    /// <summary>Whether the prompt ends where the model's answer begins.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>What roles are called in the template, by OpenAI's name; <c>developer</c> is <c>system</c> unless it is here.</summary>
    public IReadOnlyDictionary<string, string> Roles { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>More variables of the template; a request's <c>chat_template_kwargs</c> go before them.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Variables { get; init; } =
        new Dictionary<string, JsonNode?>(StringComparer.Ordinal);

    /// <summary>
    /// What legacy completions become: <c>prompt</c> (as it is), <c>disabled</c> (a 400), or a template with the variable
    /// <c>prompt</c>.
    /// </summary>
    public string Completions { get; init; } = PlainCompletions;

    /// <summary>Whether a conversation that ends with the assistant's message is continued, not answered.</summary>
    public bool ContinueFinalMessage { get; init; }

    /// <summary>
    /// Whether special tokens that users write into messages are taken for plain text: a space goes behind the first character of each
    /// (R15).
    /// </summary>
    public bool NeutralizeSpecialTokens { get; init; }
}

/// <summary>Who puts the first token before a prompt (R15): exactly one does.</summary>
public enum BosMode
{
    /// <summary>The backend, where its preprocessing adds special tokens; else the template.</summary>
    Auto,

    /// <summary>The template: its own stays.</summary>
    Template,

    /// <summary>The backend: the template's is left out.</summary>
    Backend,
}

/// <summary>Where a model's reasoning goes in an answer.</summary>
public enum ReasoningOutput
{
    /// <summary>Into <c>reasoning_content</c>.</summary>
    ReasoningContent,

    /// <summary>Into <c>reasoning_content</c> and <c>reasoning</c>.</summary>
    Both,

    /// <summary>It stays in <c>content</c>, with its markers.</summary>
    Content,
}
