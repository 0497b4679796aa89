using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using AiRouter.Core.Configuration.Schema;

namespace AiRouter.Core.Configuration;

/// <summary>One public model name or pattern, and who answers for it.</summary>
public sealed record ModelConfig
{
    /// <summary>Who answers, at least one; the <see cref="Policy"/> chooses among those of the best <see cref="TargetConfig.Priority"/>.</summary>
    public IReadOnlyList<TargetConfig> Targets { get; init; } = [];

    /// <summary>How a target is chosen.</summary>
    public TargetPolicy Policy { get; init; } = TargetPolicy.Weighted;

    /// <summary>What <see cref="TargetPolicy.Sticky"/> sticks to.</summary>
    public StickyConfig Sticky { get; init; } = new();

    /// <summary>How <see cref="TargetPolicy.Prefix"/> remembers.</summary>
    public PrefixConfig Prefix { get; init; } = new();

    /// <summary>When and how often another target is tried (R26).</summary>
    public RetryConfig Retry { get; init; } = new();

    /// <summary>Other models that answer when this one cannot, in this order (R23).</summary>
    public IReadOnlyList<FallbackConfig> Fallbacks { get; init; } = [];

    /// <summary>Requests at a time in each replica, and who waits; absent: all at once.</summary>
    public QueueConfig? Queue { get; init; }

    /// <summary>Operations that the model is for (<c>chat</c>, <c>embeddings</c>, …); absent: any its backend can do.</summary>
    [OperationNames]
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>
    /// How messages become a prompt on backends that take one: the name of a format, a file (<c>.jinja</c>, <c>.scriban</c> or a
    /// <c>tokenizer_config.json</c>), or a template itself. A target may say otherwise (R21).
    /// </summary>
    public string PromptFormat { get; init; } = "plain";

    /// <summary>How the prompt format is used.</summary>
    public PromptConfig Prompt { get; init; } = new();

    /// <summary>How tool calls are read from the model's text; absent: as the prompt format says; <c>none</c>: not at all.</summary>
    public string? ToolCalls { get; init; }

    /// <summary>How reasoning is read from the model's text; absent: as the prompt format says; <c>none</c>: not at all.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Where reasoning goes in an answer.</summary>
    public ReasoningOutput ReasoningOutput { get; init; } = ReasoningOutput.ReasoningContent;

    /// <summary>
    /// What counts tokens: a <c>tokenizer.json</c>, a SentencePiece <c>tokenizer.model</c>, or a tiktoken encoding by name.
    /// </summary>
    public string? Tokenizer { get; init; }

    /// <summary>
    /// The most tokens of a prompt, or of each input of embeddings; above it, on an exact count, 400 (R17).
    /// </summary>
    [Range(1, 100_000_000)]
    public int? MaxInputTokens { get; init; }

    /// <summary>The most tokens of input and answer together; above it, on an exact count, 400 (R17).</summary>
    [Range(1, 100_000_000)]
    public int? ContextLength { get; init; }

    /// <summary>The token limit when a request names none, and the most it may name (R9).</summary>
    public TokenLimitConfig MaxTokens { get; init; } = new();

    /// <summary>How much of the model may be used at a time, by everybody together.</summary>
    public LimitsConfig Limits { get; init; } = new();

    /// <summary>Money that the model may cost, by everybody together.</summary>
    public BudgetConfig? Budget { get; init; }

    /// <summary>What it costs; absent: no budget covers it (R33).</summary>
    public PriceConfig? Price { get; init; }

    /// <summary>The most choices (<c>n</c>) of one chat or completion request, 1 to 128; more is 400 (R13).</summary>
    [Range(1, 128)]
    public int MaxN { get; init; } = 8;

    /// <summary>
    /// What happens to a parameter that a backend cannot do which is spoken to in other words (<c>triton</c>, <c>anthropic</c>) (R11).
    /// Forms of answers (<c>response_format</c> and its like), images and audio are a 400 always.
    /// </summary>
    public UnsupportedParameters UnsupportedParameters { get; init; } = UnsupportedParameters.Reject;

    /// <summary>Request parameters set, forced, dropped or renamed on the way to the backend (R11).</summary>
    public ParametersConfig Parameters { get; init; } = new();

    /// <summary>What happens to message orders that a chat template would refuse (R20).</summary>
    public MessageRepair MessageRepair { get; init; } = MessageRepair.Strict;

    /// <summary>Whether streamed text of a Triton model is what is new or all so far (R14).</summary>
    public StreamText StreamText { get; init; } = StreamText.Auto;

    /// <summary>
    /// On Triton: texts at which an answer ends; clients never see them. As long as they are the default, those of the prompt format end
    /// it too. Others than the default are sent to the engine as stop texts too.
    /// </summary>
    public IReadOnlyList<string> EndTokens { get; init; } = ["</s>"];
}

/// <summary>One backend (and model there) that can answer for a public model.</summary>
public sealed record TargetConfig
{
    /// <summary>The backend's name.</summary>
    public required string Backend { get; init; }

    /// <summary>
    /// The model's name at the backend; absent: the name that the client asked for. A <c>*</c> in it is what the <c>*</c> of the model's
    /// name stands for: behind <c>claude/*</c>, <c>*</c> is the name without <c>claude/</c>.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>Share of the requests, relative to the other targets, 0 to 1000; 0 is never, and not all may be 0.</summary>
    [Range(0, 1000)]
    public int Weight { get; init; } = 1;

    /// <summary>Its group, 0 to 100: 0 is asked first, 1 only while nobody of group 0 can answer, and so on.</summary>
    [Range(0, 100)]
    public int Priority { get; init; }

    /// <summary>Whether the backend is asked for a stream.</summary>
    public TargetStream Stream { get; init; } = TargetStream.Backend;

    /// <summary>Overrides the model's <see cref="ModelConfig.PromptFormat"/> (R21).</summary>
    public string? PromptFormat { get; init; }

    /// <summary>Overrides the model's <see cref="PromptConfig.BosMode"/> (R15).</summary>
    public BosMode? BosMode { get; init; }

    /// <summary>Overrides the model's <see cref="ModelConfig.StreamText"/>.</summary>
    public StreamText? StreamText { get; init; }

    /// <summary>Applied after the model's own (R11).</summary>
    public ParametersConfig Parameters { get; init; } = new();

    /// <summary>The LoRA adapter that this target selects on a Triton model (R19).</summary>
    public LoraConfig? Lora { get; init; }

    /// <summary>The name that the backend is asked for.</summary>
    /// <param name="name">The name or pattern of the model.</param>
    /// <param name="asked">The name that fits it.</param>
    internal string NameAtBackend(string name, string asked)
    {
        if (Model is null)
        {
            return asked;
        }

        var star = Model.Contains('*') ? name.IndexOf('*', StringComparison.Ordinal) : -1;
        return star < 0 ? Model : Model.Replace("*", asked[star..^(name.Length - star - 1)], StringComparison.Ordinal);
    }
}

/// <summary>A LoRA adapter as Triton's models name it; clients cannot choose one but by the public model name (R19).</summary>
public sealed record LoraConfig
{
    /// <summary>vLLM and LLM-API: the adapter's name.</summary>
    public string? Name { get; init; }

    /// <summary>TensorRT-LLM: <c>lora_task_id</c>; LLM-API: <c>lora_id</c>.</summary>
    public ulong? Id { get; init; }

    /// <summary>LLM-API: where the server finds the adapter.</summary>
    public string? Path { get; init; }
}

/// <summary>Token limits of a model (R9).</summary>
public sealed record TokenLimitConfig
{
    /// <summary>
    /// When a request names no limit; more than fits into <see cref="ModelConfig.ContextLength"/> becomes what fits. Absent: all that fits,
    /// where the prompt is counted exactly; else <see cref="ServerConfig.DefaultMaxTokens"/> on Triton, and other backends decide
    /// themselves.
    /// </summary>
    [Range(1, 10_000_000)]
    public int? Default { get; init; }

    /// <summary>The most a request may ask for; more is 400.</summary>
    [Range(1, 10_000_000)]
    public int? Max { get; init; }
}

/// <summary>Changes made to request parameters (top-level members of the body), in this order: rename, drop, defaults, force.</summary>
public sealed record ParametersConfig
{
    /// <summary>Old name to new name.</summary>
    public IReadOnlyDictionary<string, string> Rename { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Names that are left out.</summary>
    public IReadOnlyList<string> Drop { get; init; } = [];

    /// <summary>Values for names that the request does not have (or has as null).</summary>
    public IReadOnlyDictionary<string, JsonNode?> Defaults { get; init; } =
        new Dictionary<string, JsonNode?>(StringComparer.Ordinal);

    /// <summary>Values that replace the request's.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Force { get; init; } =
        new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
}

/// <summary>What happens to a parameter that a translated backend cannot do (R11).</summary>
public enum UnsupportedParameters
{
    /// <summary>400 that names it.</summary>
    Reject,

    /// <summary>Left out, and named in <c>x-airouter-dropped</c>.</summary>
    Drop,
}

/// <summary>What happens to message orders that a chat template would refuse (R20).</summary>
public enum MessageRepair
{
    /// <summary>Messages go to the template as they are.</summary>
    Strict,

    /// <summary>Consecutive messages of one role are merged, late system messages moved to the front.</summary>
    Merge,
}

/// <summary>What the text of a streamed response is (R14).</summary>
public enum StreamText
{
    /// <summary>As the adapter or the model's own configuration says; unknown means delta.</summary>
    Auto,

    /// <summary>What is new.</summary>
    Delta,

    /// <summary>All text so far.</summary>
    Cumulative,
}

/// <summary>Whether a backend is asked for a stream.</summary>
public enum TargetStream
{
    /// <summary>As the client asks.</summary>
    Backend,

    /// <summary>Always; a client that asked for none gets the pieces put together.</summary>
    Always,

    /// <summary>Never; a client that asked for one gets it made from the whole answer.</summary>
    Never,
}
