using Names = AiRouter.Core.Configuration.Operations;

namespace AiRouter.Admin.Components.Models;

/// <summary>What there is to choose from in the editor of a model, and what it is called.</summary>
internal static class ModelChoices
{
    /// <summary>Operations with a model.</summary>
    public static IReadOnlyList<(string Value, string Text)> Operations { get; } =
    [
        (Names.Chat, "Chat completions"),
        (Names.Completions, "Completions (legacy)"),
        (Names.Embeddings, "Embeddings"),
        (Names.Responses, "Responses"),
        (Names.Moderations, "Moderations"),
        (Names.Images, "Images"),
        (Names.Speech, "Speech"),
        (Names.Transcriptions, "Transcriptions"),
        (Names.Translations, "Translations"),
        (Names.Rerank, "Rerank"),
        (Names.Score, "Score"),
    ];

    /// <summary>How a target is chosen.</summary>
    public static IReadOnlyList<(string Value, string Text)> Policies { get; } =
    [
        ("weighted", "weighted: by chance, in proportion to the weights"),
        ("round-robin", "round-robin: one after the other"),
        ("least-busy", "least-busy: the one with less to do"),
        ("latency", "latency: the one that begins to answer sooner"),
        ("sticky", "sticky: requests of one session to one target"),
        ("prefix", "prefix: the one that served the same beginning of a prompt"),
    ];

    /// <summary>What names a session.</summary>
    public static IReadOnlyList<(string Value, string Text)> Sessions { get; } =
        [("user", "the request's user"), ("promptCacheKey", "the request's prompt_cache_key"), ("header", "a request header")];

    /// <summary>When another model answers.</summary>
    public static IReadOnlyList<(string Value, string Text)> Reasons { get; } =
        [("failure", "no target can answer"), ("contextLength", "the prompt is too long")];

    /// <summary>Whether a backend is asked for a stream.</summary>
    public static IReadOnlyList<(string Value, string Text)> Streams { get; } =
        [("backend", "as the client asks"), ("always", "always"), ("never", "never")];

    /// <summary>What streamed text is.</summary>
    public static IReadOnlyList<(string Value, string Text)> StreamTexts { get; } =
        [("auto", "as the Triton model says"), ("delta", "what is new (delta)"), ("cumulative", "all so far (cumulative)")];

    /// <summary>What streamed text is, at a target.</summary>
    public static IReadOnlyList<(string Value, string Text)> TargetStreamTexts { get; } = [("", "as the model"), .. StreamTexts];

    /// <summary>Who begins a prompt.</summary>
    public static IReadOnlyList<(string Value, string Text)> BosModes { get; } =
        [("auto", "whoever would (auto)"), ("template", "the template"), ("backend", "the backend")];

    /// <summary>Who begins a prompt, at a target.</summary>
    public static IReadOnlyList<(string Value, string Text)> TargetBosModes { get; } = [("", "as the model"), .. BosModes];

    /// <summary>Where reasoning goes.</summary>
    public static IReadOnlyList<(string Value, string Text)> ReasoningOutputs { get; } =
    [
        ("reasoningContent", "into reasoning_content"),
        ("both", "into reasoning_content and reasoning"),
        ("content", "it stays in content, with its markers"),
    ];

    /// <summary>What happens to parameters that a backend cannot do.</summary>
    public static IReadOnlyList<(string Value, string Text)> Unsupported { get; } =
        [("reject", "the request is refused (400)"), ("drop", "they are left out, and named in x-airouter-dropped")];

    /// <summary>What happens to message orders that a template refuses.</summary>
    public static IReadOnlyList<(string Value, string Text)> Repairs { get; } =
        [("strict", "nothing: the template decides"), ("merge", "they are merged and put in order")];

    /// <summary>How long a budget is for.</summary>
    public static IReadOnlyList<(string Value, string Text)> Periods { get; } =
        [("day", "a UTC day"), ("week", "a week, from Monday"), ("month", "a calendar month"), ("total", "for ever")];
}
