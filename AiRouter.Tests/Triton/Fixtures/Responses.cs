using System.Buffers.Binary;
using System.Text;
using AiRouter.Triton.Contract;
using Google.Protobuf;

namespace AiRouter.Tests.Triton.Fixtures;

/// <summary>Builds responses as Triton sends them: raw contents, the final flag on each.</summary>
internal sealed class Responses
{
    private readonly ModelInferResponse _response = new() { ModelName = "m", Id = "r" };

    public static Responses New() => new();

    /// <summary>A response with one text.</summary>
    public static ModelStreamInferResponse Text(string text, bool isFinal = false) => New().WithText(text).Build(isFinal);

    /// <summary>A final response with flags only.</summary>
    public static ModelStreamInferResponse Final() => New().Build(isFinal: true);

    public static ModelStreamInferResponse Error(string message) =>
        new() { ErrorMessage = message, InferResponse = new ModelInferResponse { Id = "r" } };

    public Responses WithText(string text, string name = "text_output") => WithBytes(Encoding.UTF8.GetBytes(text), name);

    public Responses WithBytes(byte[] text, string name = "text_output")
    {
        var raw = new byte[4 + text.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(raw, (uint)text.Length);
        text.CopyTo(raw, 4);
        return With(name, "BYTES", [1, 1], raw);
    }

    public Responses WithInt32(string name, int value, params long[] shape)
    {
        var raw = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(raw, value);
        return With(name, "INT32", shape, raw);
    }

    public Responses With(string name, string type, long[] shape, byte[] raw)
    {
        var output = new ModelInferResponse.Types.InferOutputTensor { Name = name, Datatype = type };
        output.Shape.AddRange(shape);
        _response.Outputs.Add(output);
        _response.RawOutputContents.Add(ByteString.CopyFrom(raw));
        return this;
    }

    public ModelStreamInferResponse Build(bool? isFinal = false)
    {
        if (isFinal is { } flag)
        {
            _response.Parameters["triton_final_response"] = new InferParameter { BoolParam = flag };
        }

        return new ModelStreamInferResponse { InferResponse = _response };
    }
}
