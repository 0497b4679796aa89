using AiRouter.Triton.Contract;
using AiRouter.Triton.Protocol;

namespace AiRouter.Triton.Models;

/// <summary>
/// Models from one text (BYTES) or token array (<c>input_ids</c>, with <c>attention_mask</c> and <c>token_type_ids</c>
/// where declared) to one vector of floats.
/// </summary>
internal sealed class EmbeddingAdapter : IEmbeddingAdapter
{
    private const string Tokens = "input_ids";
    private const string Dimensions = "dimensions";

    private static readonly string[] OutputNames =
        [
            "embedding", "embeddings", "sentence_embedding", "text_embedding", "pooled_output", "pooler_output",
            "dense_vecs",
        ];

    public string Name => "embeddings";

    public ModelKind Kind => ModelKind.Embeddings;

    public bool Fits(TritonModel model) =>
        (TextInput(model) is not null || model.FindInput(Tokens) is not null) && VectorOutput(model) is not null;

    public string Reason(TritonModel model)
    {
        var inputs = new[] { TextInput(model)?.Name, TakesTokens(model) ? Tokens : null }.OfType<string>();
        return $"It takes {string.Join(" or ", inputs)} and gives {VectorOutput(model)!.Name}, a vector of floats.";
    }

    public bool CanEmbed(TritonModel model) => true;

    public bool TakesTexts(TritonModel model) => TextInput(model) is not null;

    public bool TakesTokens(TritonModel model) => model.FindInput(Tokens) is not null;

    public bool TakesDimensions(TritonModel model) => model.FindInput(Dimensions) is not null;

    public int MaxInputs(TritonModel model) => Math.Max(1, model.MaxBatchSize);

    public TritonFailure? Write(
        TritonModel model, IReadOnlyList<EmbeddingInput> inputs, int? dimensions, InferRequest target)
    {
        if (inputs[0].Tokens is { } tokens)
        {
            if (!WriteTokens(model, inputs, tokens.Count, target))
            {
                return new TritonFailure(TritonFailureKind.InvalidRequest, "A token id does not fit its input.");
            }
        }
        else if (TextInput(model) is { } text)
        {
            target.AddTexts(text, [.. inputs.Select(input => input.Text)], inputs.Count);
        }

        if (dimensions is { } length && model.FindInput(Dimensions) is { } input)
        {
            var lengths = new Int128[inputs.Count];
            Array.Fill(lengths, length);
            if (!target.AddIntegers(input, lengths, inputs.Count))
            {
                return new TritonFailure(TritonFailureKind.InvalidRequest, $"{length} does not fit dimensions.");
            }
        }

        return RequiredInputs.Complete(model, target);
    }

    public VectorBlock? Read(TritonModel model, InferResponse response, int count)
    {
        var output = VectorOutput(model);
        if (output is null || !response.TryFind(output.NameUtf8, out var tensor) || !HasVectors(tensor, count))
        {
            return null;
        }

        var vectors = new VectorBlock(count, tensor.Elements / count);
        if (tensor.TryReadFloats(vectors.Numbers))
        {
            return vectors;
        }

        vectors.Dispose();
        return null;
    }

    /// <summary>
    /// One vector for each input: [count, length], or [length] for one, with any dimensions of 1 between.
    /// </summary>
    private static bool HasVectors(TensorView tensor, int count)
    {
        var wide = 0;
        foreach (var dim in tensor.Shape)
        {
            wide += dim > 1 ? 1 : 0;
        }

        var vectorDims = count > 1 ? 2 : 1;
        return tensor.Elements >= count
            && tensor.Elements % count == 0
            && wide <= vectorDims
            && (count == 1 || tensor.Shape[0] == count);
    }

    private static bool WriteTokens(
        TritonModel model, IReadOnlyList<EmbeddingInput> inputs, int length, InferRequest target)
    {
        var ids = new Int128[inputs.Count * length];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = inputs[i / length].Tokens![i % length];
        }

        var fits = model.FindInput(Tokens) is { } input && target.AddIntegers(input, ids, inputs.Count);
        if (model.FindInput("attention_mask") is { } mask)
        {
            Array.Fill(ids, Int128.One);
            fits &= target.AddIntegers(mask, ids, inputs.Count);
        }

        if (model.FindInput("token_type_ids") is { } types)
        {
            Array.Clear(ids);
            fits &= target.AddIntegers(types, ids, inputs.Count);
        }

        return fits;
    }

    /// <summary>The one text input, whatever its name.</summary>
    private static TensorSpec? TextInput(TritonModel model)
    {
        var texts = model.Inputs.Where(input => input.Type == DataType.TypeString && !input.IsOptional).ToArray();
        return texts.Length == 1 ? texts[0] : null;
    }

    /// <summary>The vector output: by its usual names, else the only output of floats.</summary>
    private static TensorSpec? VectorOutput(TritonModel model)
    {
        var floats = model.Outputs.Where(output => IsFloat(output.Type)).ToArray();
        return floats.FirstOrDefault(output => OutputNames.Contains(output.Name, StringComparer.OrdinalIgnoreCase))
            ?? (floats.Length == 1 ? floats[0] : null);
    }

    private static bool IsFloat(DataType type) =>
        type is DataType.TypeFp16 or DataType.TypeFp32 or DataType.TypeFp64 or DataType.TypeBf16;
}
