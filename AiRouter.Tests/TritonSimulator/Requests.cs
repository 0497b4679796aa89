using System.Buffers.Binary;
using System.Text;
using AiRouter.Triton.Contract;
using Google.Protobuf;

namespace AiRouter.Tests.TritonSimulator;

/// <summary>Builds requests tensor by tensor, and reads the tensors of responses.</summary>
internal static class Requests
{
    public static ModelInferRequest For(string model, string id = "")
    {
        return new ModelInferRequest { ModelName = model, Id = id };
    }

    public static ModelInferRequest Ensemble(string prompt, int maxTokens = 100, bool stream = true)
    {
        return For("ensemble").Text("text_input", [1, 1], prompt).Int32("max_tokens", [1, 1], maxTokens)
            .Flag("stream", [1, 1], stream);
    }

    public static ModelInferRequest Vllm(string prompt, string parameters = """{"max_tokens": 100}""", bool stream = true)
    {
        return For("vllm_model").Text("text_input", [1], prompt).Text("sampling_parameters", [1], parameters)
            .Flag("stream", [1], stream);
    }

    public static ModelInferRequest Raw(
        this ModelInferRequest request, string name, string datatype, long[] shape, params byte[] content)
    {
        request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor
        {
            Name = name,
            Datatype = datatype,
            Shape = { shape },
        });
        request.RawInputContents.Add(ByteString.CopyFrom(content));
        return request;
    }

    public static ModelInferRequest Text(
        this ModelInferRequest request, string name, long[] shape, params string[] values)
    {
        return request.Raw(name, "BYTES", shape, [.. values.SelectMany(Element)]);
    }

    public static ModelInferRequest Int32(this ModelInferRequest request, string name, long[] shape, int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return request.Raw(name, "INT32", shape, bytes);
    }

    public static ModelInferRequest Flag(this ModelInferRequest request, string name, long[] shape, bool value = true)
    {
        return request.Raw(name, "BOOL", shape, value ? (byte)1 : (byte)0);
    }

    public static ModelInferRequest With(this ModelInferRequest request, string parameter, InferParameter value)
    {
        request.Parameters[parameter] = value;
        return request;
    }

    public static ModelInferRequest WantingFinal(this ModelInferRequest request)
    {
        return request.With("triton_enable_empty_final_response", new InferParameter { BoolParam = true });
    }

    public static bool IsFinal(this ModelStreamInferResponse response)
    {
        return response.InferResponse.Parameters["triton_final_response"].BoolParam;
    }

    public static byte[]? Output(this ModelInferResponse response, string name)
    {
        for (var i = 0; i < response.Outputs.Count; i++)
        {
            if (response.Outputs[i].Name == name)
            {
                return response.RawOutputContents[i].ToByteArray();
            }
        }

        return null;
    }

    public static string OutputText(this ModelInferResponse response, string name = "text_output")
    {
        var bytes = response.Output(name) ?? throw new InvalidOperationException($"No output {name}.");
        Assert.Equal(bytes.Length - 4, (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes));
        return Encoding.UTF8.GetString(bytes.AsSpan(4));
    }

    public static int OutputInt32(this ModelInferResponse response, string name)
    {
        return BinaryPrimitives.ReadInt32LittleEndian(response.Output(name)!);
    }

    public static string[] Texts(this IEnumerable<ModelStreamInferResponse> responses)
    {
        return [.. responses.Where(response => response.InferResponse.Outputs.Count > 0)
            .Select(response => response.InferResponse.OutputText())];
    }

    private static byte[] Element(string value)
    {
        var text = Encoding.UTF8.GetBytes(value);
        var bytes = new byte[4 + text.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, text.Length);
        text.CopyTo(bytes, 4);
        return bytes;
    }
}
