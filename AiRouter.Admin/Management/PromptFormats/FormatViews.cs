using System.Text.Json.Nodes;
using AiRouter.Core.Configuration;
using AiRouter.Prompting.Formats;
using AiRouter.Prompting.Formats.Preview;

namespace AiRouter.Admin.Management.PromptFormats;

/// <summary>A prompt format that models can name.</summary>
/// <param name="Name">What a model's promptFormat calls it.</param>
public sealed record FormatView(string Name)
{
    /// <summary>The file it is in; absent: it needs none.</summary>
    public string? File { get; init; }

    /// <summary>Which models it is for, as its manifest says.</summary>
    public string? For { get; init; }

    /// <summary>Where its template comes from, as its manifest says.</summary>
    public string? Source { get; init; }

    /// <summary>What else its manifest says.</summary>
    public string? Note { get; init; }

    /// <summary>The token that begins a prompt.</summary>
    public string? Bos { get; init; }

    /// <summary>The token that ends a turn.</summary>
    public string? Eos { get; init; }

    /// <summary>Texts of the tokens that end an answer.</summary>
    public IReadOnlyList<string> EndTokens { get; init; } = [];

    /// <summary>How the model calls tools.</summary>
    public string? ToolCalls { get; init; }

    /// <summary>How the model marks its reasoning.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Whether the template shows tools to the model.</summary>
    public bool TakesTools { get; init; }

    /// <summary>Whether the template has a place for images.</summary>
    public bool TakesImages { get; init; }

    /// <summary>Every variable that the template reads.</summary>
    public IReadOnlyList<string> Variables { get; init; } = [];

    /// <summary>The models whose prompts it makes.</summary>
    public IReadOnlyList<string> UsedBy { get; init; } = [];

    /// <summary>Why no model can use it; absent: they can.</summary>
    public FormatFailure? Failure { get; init; }
}

/// <summary>The templates of a prompt format.</summary>
/// <param name="Name">The format.</param>
/// <param name="Templates">Its templates: default, and perhaps tool_use (requests with tools) and rag (with documents).</param>
public sealed record FormatSourceView(string Name, IReadOnlyList<FormatText> Templates);

/// <summary>What a prompt is previewed of: one of format, template and model, and a conversation.</summary>
public sealed record FormatPreviewRequest
{
    /// <summary>A prompt format of the list, by name.</summary>
    public string? Format { get; init; }

    /// <summary>A chat template in Jinja.</summary>
    public string? Template { get; init; }

    /// <summary>A configured model: its format, and its settings for it.</summary>
    public string? Model { get; init; }

    /// <summary>How the format is used; absent: as the model says, or as the format is.</summary>
    public PromptConfig? Prompt { get; init; }

    /// <summary>Whether the backend puts the first token before the prompt; absent: as the model's bosMode says.</summary>
    public bool? BackendAddsBos { get; init; }

    /// <summary>The conversation as a chat request has it: messages, tools, documents, chat_template_kwargs, add_generation_prompt.</summary>
    public JsonNode? Request { get; init; }
}

/// <summary>A prompt, or why there is none.</summary>
public sealed record FormatPreviewView
{
    /// <summary>The prompt, exactly.</summary>
    public string? Prompt { get; init; }

    /// <summary>The prompt cut at its special tokens.</summary>
    public IReadOnlyList<PromptSegment> Segments { get; init; } = [];

    /// <summary>What there is to know about the prompt.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Why there is no prompt.</summary>
    public FormatFailure? Failure { get; init; }

    /// <summary>Every variable that the template reads.</summary>
    public IReadOnlyList<string> Variables { get; init; } = [];
}

/// <summary>What is wrong with a format, or what it says against a conversation.</summary>
/// <param name="Message">All of it, in a line.</param>
public sealed record FormatFailure(string Message)
{
    /// <summary>Whether the template refuses the conversation, and is not broken.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>What is wrong, without its place.</summary>
    public string? Reason { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Advice { get; init; }

    /// <summary>The template that it is about: its file, as a rule.</summary>
    public string? Template { get; init; }

    /// <summary>The line of the template, from 1; absent: it is not about a place in the template.</summary>
    public int? Line { get; init; }

    /// <summary>The column, from 1.</summary>
    public int? Column { get; init; }

    /// <summary>The failure of a preview or of a listed format; null: it has none.</summary>
    public static FormatFailure? Of(string? message, TemplateProblem? problem) => message is null ? null : new FormatFailure(message)
    {
        IsRefusal = problem is { Kind: Prompting.Jinja.JinjaErrorKind.Refused },
        Reason = problem?.Reason,
        Advice = problem?.Advice is { Length: > 0 } advice ? advice : null,
        Template = problem?.Template,
        Line = problem?.Line,
        Column = problem?.Column,
    };
}
