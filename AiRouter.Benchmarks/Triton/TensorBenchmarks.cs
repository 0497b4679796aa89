using System.Buffers;
using System.Buffers.Binary;
using AiRouter.Triton.Contract;
using AiRouter.Triton.Models;
using AiRouter.Triton.Protocol;
using BenchmarkDotNet.Attributes;
using Google.Protobuf;

namespace AiRouter.Benchmarks.Triton;

/// <summary>Tensors of Triton's gRPC on spans: what comes with each token, a vector, and a request.</summary>
[MemoryDiagnoser]
public class TensorBenchmarks
{
    private const int Tokens = 1000;
    private const int Length = 1024;

    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly float[] _vector = new float[Length];
    private readonly InferResponse _response = new();
    private ReadOnlySequence<byte> _token;
    private ReadOnlySequence<byte> _embedding;
    private TritonModel _model = null!;

    /// <summary>Makes the messages.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _token = Message(
            Output("text_output", "BYTES", [1, 1], Text(" token")), Output("num_output_tokens", "INT32", [1, 1], [1, 0, 0, 0]));
        _embedding = Message(Output("embedding", "FP32", [1, Length], new byte[Length * sizeof(float)]));
        var config = new ModelConfig
        {
            Name = "model",
            Input =
            {
                new ModelInput { Name = "text_input", DataType = DataType.TypeString, Dims = { 1 } },
                new ModelInput { Name = "max_tokens", DataType = DataType.TypeInt32, Dims = { 1 } },
                new ModelInput { Name = "temperature", DataType = DataType.TypeFp32, Dims = { 1 } },
            },
        };
        _model = new TritonModel("model", config);
    }

    /// <summary>Decodes the response of a token, text and counter.</summary>
    [Benchmark(OperationsPerInvoke = Tokens)]
    public long DecodeToken()
    {
        var sum = 0L;
        for (var i = 0; i < Tokens; i++)
        {
            _response.Read(_token);
            if (!_response.TryFind("text_output"u8, out var text) || !text.TryReadText(out var bytes) ||
                !_response.TryFind("num_output_tokens"u8, out var count) || !count.TryReadSum(out var tokens))
            {
                throw new InvalidOperationException("The message was not decoded.");
            }

            sum += bytes.Length + tokens;
        }

        return sum;
    }

    /// <summary>Decodes a vector of 1,024 numbers.</summary>
    [Benchmark]
    public float DecodeVector()
    {
        _response.Read(_embedding);
        return _response.TryFind("embedding"u8, out var tensor) && tensor.TryReadFloats(_vector)
            ? _vector[^1]
            : throw new InvalidOperationException("The message was not decoded.");
    }

    /// <summary>Encodes a request with a prompt and two settings.</summary>
    [Benchmark]
    public int EncodeRequest()
    {
        _output.ResetWrittenCount();
        var request = new InferRequest(_model, "0123456789abcdef");
        request.AddText(_model.Inputs[0], "Tell me about the quick brown fox and the lazy dog, please."u8);
        request.AddInteger(_model.Inputs[1], 100);
        request.AddNumber(_model.Inputs[2], 0.7);
        request.WriteTo(_output);
        return _output.WrittenCount;
    }

    private static ReadOnlySequence<byte> Message(
        params ReadOnlySpan<(ModelInferResponse.Types.InferOutputTensor Tensor, byte[] Raw)> outputs)
    {
        var response = new ModelInferResponse { ModelName = "model", Id = "0123456789abcdef" };
        foreach (var (tensor, raw) in outputs)
        {
            response.Outputs.Add(tensor);
            response.RawOutputContents.Add(ByteString.CopyFrom(raw));
        }

        response.Parameters["triton_final_response"] = new InferParameter { BoolParam = false };
        return new ReadOnlySequence<byte>(new ModelStreamInferResponse { InferResponse = response }.ToByteArray());
    }

    private static (ModelInferResponse.Types.InferOutputTensor Tensor, byte[] Raw) Output(
        string name, string type, long[] shape, byte[] raw)
    {
        var tensor = new ModelInferResponse.Types.InferOutputTensor { Name = name, Datatype = type };
        tensor.Shape.AddRange(shape);
        return (tensor, raw);
    }

    private static byte[] Text(string text)
    {
        var raw = new byte[sizeof(uint) + text.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(raw, (uint)text.Length);
        System.Text.Encoding.ASCII.GetBytes(text, raw.AsSpan(sizeof(uint)));
        return raw;
    }
}
