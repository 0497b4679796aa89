using AiRouter.Triton.Contract;

namespace AiRouter.Triton.Models;

/// <summary>
/// A model as its configuration describes it: what it takes, what it gives, and which adapter speaks to it.
/// </summary>
public sealed class TritonModel
{
    private readonly Dictionary<string, TensorSpec> _inputs;
    private readonly Dictionary<string, TensorSpec> _outputs;
    private volatile bool _refusesStreams;

    internal TritonModel(string name, ModelConfig config, ModelSurroundings? surroundings = null)
    {
        surroundings ??= ModelSurroundings.Unknown;
        Name = name;
        Backend = config.Backend;
        Platform = config.Platform;
        MaxBatchSize = config.MaxBatchSize;
        IsDecoupled = config.ModelTransactionPolicy?.Decoupled ?? false;
        Parameters = config.Parameters.ToDictionary(
            parameter => parameter.Key, parameter => parameter.Value.StringValue, StringComparer.Ordinal);
        Inputs = [.. config.Input.Select(
            input => new TensorSpec(input.Name, input.DataType, [.. input.Dims], input.Optional))];
        Outputs = [.. config.Output.Select(
            output => new TensorSpec(output.Name, output.DataType, [.. output.Dims], false))];
        _inputs = Inputs.DistinctBy(input => input.Name).ToDictionary(input => input.Name, StringComparer.Ordinal);
        _outputs = Outputs.DistinctBy(output => output.Name)
            .ToDictionary(output => output.Name, StringComparer.Ordinal);
        Adapter = ModelAdapters.For(this);
        IsComplete = surroundings.IsComplete;
        ServerVersion = surroundings.ServerVersion;
        Preprocessing = surroundings.Preprocessing;
        Engine = surroundings.Engine;
    }

    /// <summary>The model's name at the server.</summary>
    public string Name { get; }

    /// <summary>The model's family.</summary>
    public ModelKind Kind => Adapter.Kind;

    /// <summary>The name of the adapter that speaks to it, for logs and <c>docs/triton-parameters.md</c>.</summary>
    public string AdapterName => Adapter.Name;

    /// <summary>Why that adapter: sentences for people, with what the model's configuration shows.</summary>
    public string AdapterReason => Adapter.Reason(this);

    /// <summary>
    /// Whether each response of a stream has all text so far (true) or what is new (false); null: the texts themselves tell, or it
    /// generates none (R14).
    /// </summary>
    public bool? StreamsAllText => (Adapter as IGenerationAdapter)?.TextForm(this) switch
    {
        Text.TextForm.Cumulative => true,
        Text.TextForm.Delta => false,
        _ => null,
    };

    /// <summary>Whether a request may be answered by several responses.</summary>
    public bool IsDecoupled { get; }

    /// <summary>The most inputs of one batch; 0: shapes have no batch dimension.</summary>
    public int MaxBatchSize { get; }

    /// <summary>The server's backend, such as <c>vllm</c> or <c>python</c>; empty for an ensemble.</summary>
    public string Backend { get; }

    /// <summary>The server's platform, such as <c>ensemble</c>.</summary>
    public string Platform { get; }

    /// <summary>The model's own parameters in its configuration.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; }

    /// <summary>The declared inputs.</summary>
    public IReadOnlyList<TensorSpec> Inputs { get; }

    /// <summary>The declared outputs.</summary>
    public IReadOnlyList<TensorSpec> Outputs { get; }

    /// <summary>Whether it generates text.</summary>
    public bool CanGenerate => Adapter is IGenerationAdapter;

    /// <summary>Whether it makes embeddings.</summary>
    public bool CanEmbed => Adapter is IEmbeddingAdapter embeddings && embeddings.CanEmbed(this);

    /// <summary>Whether it embeds texts.</summary>
    public bool EmbedsTexts => CanEmbed && ((IEmbeddingAdapter)Adapter).TakesTexts(this);

    /// <summary>Whether it embeds token arrays (R18).</summary>
    public bool EmbedsTokens => CanEmbed && ((IEmbeddingAdapter)Adapter).TakesTokens(this);

    /// <summary>Whether the length of its vectors can be chosen (R18).</summary>
    public bool TakesDimensions => CanEmbed && ((IEmbeddingAdapter)Adapter).TakesDimensions(this);

    /// <summary>Whether it writes down what is said.</summary>
    public bool CanTranscribe => Adapter is ITranscriptionAdapter;

    /// <summary>Whether a transcription can be given a temperature.</summary>
    public bool TranscribesAtTemperature => Adapter is ITranscriptionAdapter transcription && transcription.TakesTemperature(this);

    /// <summary>Whether the model says how many tokens it read and generated; otherwise usage is an estimate.</summary>
    public bool CountsTokens =>
        FindOutput("num_input_tokens") is not null && FindOutput("num_output_tokens") is not null;

    /// <summary>Whether it can be told how many tokens to generate at most; only models of no known family cannot.</summary>
    public bool TakesTokenLimit =>
        Kind != ModelKind.GenericText || FindInput(TensorRtLlmAdapter.Names.MaxTokens) is not null;

    /// <summary>
    /// Whether the model adds the special tokens of its tokenizer, so that a prompt must not begin with another BOS
    /// (R15): vLLM and the LLM API do, and TensorRT-LLM's <c>preprocessing</c> unless it is configured not to.
    /// </summary>
    public bool AddsSpecialTokens => Preprocessing?.AddsTokens ?? true;

    /// <summary>Whether <see cref="TritonClient.CountInputTokensAsync"/> has a model to ask.</summary>
    public bool CanCountInputTokens => Preprocessing is { Kind: ModelKind.Helper };

    /// <summary>The most images that one request may carry; 0: none.</summary>
    public int MaxImages => Adapter is IGenerationAdapter generation ? generation.MaxImages(this) : 0;

    /// <summary>
    /// The models of the same server that do its work, where it is made of several: their load is its load. Null: it has an engine
    /// that could not be read.
    /// </summary>
    public IReadOnlyList<string>? Parts => Kind == ModelKind.TensorRtLlm && Engine is null
        ? null
        : [.. new[] { Preprocessing, Engine }.OfType<TritonModel>().Select(part => part.Name)];

    internal IModelAdapter Adapter { get; }

    /// <summary>The model that makes tokens of the prompt, where it is one of its own and could be read.</summary>
    internal TritonModel? Preprocessing { get; }

    /// <summary>The model that generates, where it is one of its own and could be read.</summary>
    internal TritonModel? Engine { get; }

    /// <summary>The server's version, where it matters and could be read.</summary>
    internal Version? ServerVersion { get; }

    /// <summary>False when something around the model could not be read this time.</summary>
    internal bool IsComplete { get; }

    /// <summary>Learned at run time: it said that it streams only in decoupled mode.</summary>
    internal bool RefusesStreams
    {
        get => _refusesStreams;
        set => _refusesStreams = value;
    }

    /// <summary>
    /// Whether a request may carry a parameter; one that carries another is refused with <see
    /// cref="TritonFailureKind.Unsupported"/>.
    /// </summary>
    public bool Supports(GenerationParameter parameter) =>
        Adapter is IGenerationAdapter generation && generation.Supports(this, parameter);

    /// <summary>A parameter of the configuration; null when it is absent or a template's place left unfilled.</summary>
    internal string? FindParameter(string name) =>
        Parameters.TryGetValue(name, out var value)
        && value.Length > 0
        && !value.StartsWith("${", StringComparison.Ordinal)
            ? value
            : null;

    // What preprocessing reads as false; everything else is true there.
    private bool AddsTokens =>
        Parameters.GetValueOrDefault("add_special_tokens")?.ToLowerInvariant()
            is not ("false" or "0" or "f" or "n" or "no");

    internal TensorSpec? FindInput(string name) => _inputs.GetValueOrDefault(name);

    internal TensorSpec? FindInput(ReadOnlySpan<string> synonyms)
    {
        foreach (var name in synonyms)
        {
            if (_inputs.TryGetValue(name, out var input))
            {
                return input;
            }
        }

        return null;
    }

    internal TensorSpec? FindOutput(string name) => _outputs.GetValueOrDefault(name);
}
