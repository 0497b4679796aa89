using AiRouter.Core.Configuration;

namespace AiRouter.Triton;

/// <summary>
/// One text to generate. What is null or empty is not asked for; the caller has already turned neutral values into
/// absent ones (R11).
/// </summary>
public sealed record GenerationRequest
{
    /// <summary>The prompt, UTF-8. Must stay unchanged until the generation is disposed.</summary>
    public required ReadOnlyMemory<byte> Prompt { get; init; }

    /// <summary>The prompt as token ids, instead of <see cref="Prompt"/>.</summary>
    public IReadOnlyList<int>? PromptTokens { get; init; }

    /// <summary>The most tokens to generate, at least 1 (R9).</summary>
    public required int MaxTokens { get; init; }

    /// <summary>True to get the text as it is made, where the model can.</summary>
    public bool Stream { get; init; }

    /// <summary>The request's id: <c>x-request-id</c> in the gRPC metadata.</summary>
    public required string RequestId { get; init; }

    /// <summary>
    /// Triton's id of the call, where one request makes several and they must be told apart; null: <see cref="RequestId"/>.
    /// </summary>
    public string? CallId { get; init; }

    /// <summary>W3C <c>traceparent</c> for the gRPC metadata.</summary>
    public string? TraceParent { get; init; }

    /// <summary>W3C <c>tracestate</c> for the gRPC metadata.</summary>
    public string? TraceState { get; init; }

    /// <summary>Sampling temperature, 0 for greedy; absent means 1 (R12).</summary>
    public double? Temperature { get; init; }

    /// <summary>Nucleus sampling, 0 to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>Sampling among the k most likely tokens.</summary>
    public int? TopK { get; init; }

    /// <summary>Least probability, relative to the most likely token's, 0 to 1.</summary>
    public double? MinP { get; init; }

    /// <summary>The seed; absent and sampling: a random one is sent (R12).</summary>
    public ulong? Seed { get; init; }

    /// <summary>
    /// Stop strings. Given to the model where it takes them; the caller looks for them in the text itself in any case,
    /// because a model may miss them or leave them in the text (<c>triton.md</c> §3.5).
    /// </summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Ids of tokens that end the answer.</summary>
    public IReadOnlyList<int> StopTokenIds { get; init; } = [];

    /// <summary>Words that must not be generated.</summary>
    public IReadOnlyList<string> BadWords { get; init; } = [];

    /// <summary>OpenAI's <c>frequency_penalty</c>, -2 to 2.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>OpenAI's <c>presence_penalty</c>, -2 to 2.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>Multiplicative penalty on repeated tokens, above 0; 1 is neutral.</summary>
    public double? RepetitionPenalty { get; init; }

    /// <summary>Penalty on long answers of beam search.</summary>
    public double? LengthPenalty { get; init; }

    /// <summary>The least number of tokens to generate.</summary>
    public int? MinTokens { get; init; }

    /// <summary>True to go on after the end token.</summary>
    public bool? IgnoreEos { get; init; }

    /// <summary>False to get special tokens as text.</summary>
    public bool? SkipSpecialTokens { get; init; }

    /// <summary>Token id to bias, -100 to 100.</summary>
    public IReadOnlyDictionary<int, double>? LogitBias { get; init; }

    /// <summary>True for the log probability of every generated token.</summary>
    public bool LogProbs { get; init; }

    /// <summary>How many likely tokens to name at each place; with <see cref="LogProbs"/>.</summary>
    public int? TopLogProbs { get; init; }

    /// <summary>The LoRA adapter to use (R19).</summary>
    public LoraSelection? Lora { get; init; }

    /// <summary>What the answer must be.</summary>
    public GuidedDecoding? Guide { get; init; }

    /// <summary>The images of the prompt, in its order: files as the client sent them (PNG, JPEG, …).</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Images { get; init; } = [];

    /// <summary>What streamed text is; <see cref="StreamText.Auto"/> asks the model's adapter (R14).</summary>
    public StreamText TextMode { get; init; } = StreamText.Auto;

    /// <summary>The parameters that are set, in the order of the enum.</summary>
    public IEnumerable<GenerationParameter> Given => Enum.GetValues<GenerationParameter>().Where(IsGiven);

    /// <summary>Whether a parameter is set.</summary>
    public bool IsGiven(GenerationParameter parameter) => parameter switch
    {
        GenerationParameter.PromptTokens => PromptTokens is not null,
        GenerationParameter.Temperature => Temperature is not null,
        GenerationParameter.TopP => TopP is not null,
        GenerationParameter.TopK => TopK is not null,
        GenerationParameter.MinP => MinP is not null,
        GenerationParameter.Seed => Seed is not null,
        GenerationParameter.Stop => Stop.Count > 0,
        GenerationParameter.StopTokenIds => StopTokenIds.Count > 0,
        GenerationParameter.BadWords => BadWords.Count > 0,
        GenerationParameter.FrequencyPenalty => FrequencyPenalty is not null,
        GenerationParameter.PresencePenalty => PresencePenalty is not null,
        GenerationParameter.RepetitionPenalty => RepetitionPenalty is not null,
        GenerationParameter.LengthPenalty => LengthPenalty is not null,
        GenerationParameter.MinTokens => MinTokens is not null,
        GenerationParameter.IgnoreEos => IgnoreEos is not null,
        GenerationParameter.SkipSpecialTokens => SkipSpecialTokens is not null,
        GenerationParameter.LogitBias => LogitBias is { Count: > 0 },
        GenerationParameter.LogProbs => LogProbs,
        GenerationParameter.TopLogProbs => TopLogProbs is not null,
        GenerationParameter.Lora => Lora is not null,
        GenerationParameter.Guide => Guide is not null,
        GenerationParameter.Images => Images.Count > 0,
        _ => throw new ArgumentOutOfRangeException(nameof(parameter), parameter, "Not a parameter."),
    };

    /// <summary>The same request without a parameter (<c>unsupportedParameters: drop</c>, R11).</summary>
    public GenerationRequest Without(GenerationParameter parameter) => parameter switch
    {
        GenerationParameter.PromptTokens => this with { PromptTokens = null },
        GenerationParameter.Temperature => this with { Temperature = null },
        GenerationParameter.TopP => this with { TopP = null },
        GenerationParameter.TopK => this with { TopK = null },
        GenerationParameter.MinP => this with { MinP = null },
        GenerationParameter.Seed => this with { Seed = null },
        GenerationParameter.Stop => this with { Stop = [] },
        GenerationParameter.StopTokenIds => this with { StopTokenIds = [] },
        GenerationParameter.BadWords => this with { BadWords = [] },
        GenerationParameter.FrequencyPenalty => this with { FrequencyPenalty = null },
        GenerationParameter.PresencePenalty => this with { PresencePenalty = null },
        GenerationParameter.RepetitionPenalty => this with { RepetitionPenalty = null },
        GenerationParameter.LengthPenalty => this with { LengthPenalty = null },
        GenerationParameter.MinTokens => this with { MinTokens = null },
        GenerationParameter.IgnoreEos => this with { IgnoreEos = null },
        GenerationParameter.SkipSpecialTokens => this with { SkipSpecialTokens = null },
        GenerationParameter.LogitBias => this with { LogitBias = null },
        GenerationParameter.LogProbs => this with { LogProbs = false, TopLogProbs = null },
        GenerationParameter.TopLogProbs => this with { TopLogProbs = null },
        GenerationParameter.Lora => this with { Lora = null },
        GenerationParameter.Guide => this with { Guide = null },
        GenerationParameter.Images => this with { Images = [] },
        _ => throw new ArgumentOutOfRangeException(nameof(parameter), parameter, "Not a parameter."),
    };
}
