using System.Buffers.Binary;
using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator.Tensors;

namespace AiRouter.TritonSimulator.Validation;

/// <summary>The checks on one input against the model's configuration: type, shape, content. Texts as the server's core has them.</summary>
internal static class TensorValidation
{
    private const string BatchNote =
        "NOTE: Setting a non-zero max_batch_size in the model config requires a batch dimension to be prepended to each "
        + "input shape. If you want to specify the full shape including the batch dim in your input dims config, try "
        + "setting max_batch_size to zero. See the model configuration docs for more info on max_batch_size.";

    public static RequestError? Check(InputTensor input, ModelInput expected, ModelConfig model, string prefix)
    {
        var type = TensorTypes.FromProtocolName(input.Datatype);
        if (type != expected.DataType)
        {
            return RequestError.Invalid(
                $"{prefix}inference input '{input.Name}' data-type is '{TensorTypes.ProtocolName(type)}', but model "
                + $"'{model.Name}' expects '{TensorTypes.ProtocolName(expected.DataType)}'");
        }

        return CheckShape(input, expected, model, prefix)
            ?? (type == DataType.TypeString
                ? CheckElements(input, model, prefix)
                : CheckSize(input, type, model, prefix));
    }

    private static RequestError? CheckShape(InputTensor input, ModelInput expected, ModelConfig model, string prefix)
    {
        var batched = model.MaxBatchSize > 0;
        var dims = batched ? input.Shape.Skip(1).ToArray() : [.. input.Shape];
        var fits = dims.Length == expected.Dims.Count;
        for (var i = 0; fits && i < dims.Length; i++)
        {
            if (dims[i] == -1)
            {
                return RequestError.Invalid(
                    $"{prefix}All input dimensions should be specified for input '{input.Name}' for model "
                    + $"'{model.Name}', got {Dims(input.Shape)}");
            }

            fits = expected.Dims[i] == -1 || expected.Dims[i] == dims[i];
        }

        if (fits)
        {
            return null;
        }

        var full = batched ? expected.Dims.Prepend(-1) : expected.Dims;
        return RequestError.Invalid(
            $"{prefix}unexpected shape for input '{input.Name}' for model '{model.Name}'. Expected {Dims(full)}, got "
            + $"{Dims(input.Shape)}. {(batched ? BatchNote : "")}");
    }

    private static RequestError? CheckSize(InputTensor input, DataType type, ModelConfig model, string prefix)
    {
        var expected = TensorTypes.ElementSize(type) * Count(input.Shape);
        return input.Raw.Length == expected
            ? null
            : RequestError.Invalid(
                $"{prefix}input byte size mismatch for input '{input.Name}' for model '{model.Name}'. Expected "
                + $"{expected}, got {input.Raw.Length}");
    }

    private static RequestError? CheckElements(InputTensor input, ModelConfig model, string prefix)
    {
        var subject = $"for inference input '{input.Name}' for model '{model.Name}'";
        var expected = Count(input.Shape);
        var seen = 0L;
        var rest = input.Raw.Span;
        while (rest.Length > 0)
        {
            if (rest.Length < sizeof(uint))
            {
                return RequestError.Invalid(
                    $"{prefix}incomplete string length indicator {subject}, expecting 4 bytes but only {rest.Length} "
                    + "bytes available. Please make sure the string length indicator is in one buffer.");
            }

            seen++;
            if (seen > expected)
            {
                return RequestError.Invalid(
                    $"{prefix}unexpected number of string elements {seen} {subject}, expecting {expected}");
            }

            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            rest = rest[sizeof(uint)..];
            if (length > rest.Length)
            {
                // The text of Triton's backends; the core lets it pass.
                return RequestError.Invalid(
                    $"incomplete string data for inference input '{input.Name}', expecting string of length {length} but "
                    + $"only {rest.Length} bytes available");
            }

            rest = rest[(int)length..];
        }

        return seen == expected
            ? null
            : RequestError.Invalid($"{prefix}expected {expected} string elements {subject}, got {seen}");
    }

    private static long Count(IReadOnlyList<long> shape)
    {
        var count = 1L;
        foreach (var dim in shape)
        {
            count *= dim;
        }

        return count;
    }

    private static string Dims(IEnumerable<long> dims)
    {
        return $"[{string.Join(',', dims)}]";
    }
}
