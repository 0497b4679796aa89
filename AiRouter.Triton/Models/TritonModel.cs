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

    internal TritonModel(string name, ModelConfig config)
    {
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
    }

    /// <summary>The model's name at the server.</summary>
    public string Name { get; }

    /// <summary>The model's family.</summary>
    public ModelKind Kind => Adapter.Kind;

    /// <summary>The name of the adapter that speaks to it, for logs and <c>docs/triton-parameters.md</c>.</summary>
    public string AdapterName => Adapter.Name;

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

    /// <summary>Whether the model says how many tokens it read and generated; otherwise usage is an estimate.</summary>
    public bool CountsTokens =>
        FindOutput("num_input_tokens") is not null && FindOutput("num_output_tokens") is not null;

    /// <summary>Whether it can be told how many tokens to generate at most; only models of no known family cannot.</summary>
    public bool TakesTokenLimit =>
        Kind != ModelKind.GenericText || FindInput(TensorRtLlmAdapter.Names.MaxTokens) is not null;

    internal IModelAdapter Adapter { get; }

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
