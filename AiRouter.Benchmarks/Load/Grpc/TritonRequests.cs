using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AiRouter.Benchmarks.Load.Raw;
using AiRouter.Triton.Contract;
using Google.Protobuf;

namespace AiRouter.Benchmarks.Load.Grpc;

/// <summary>What <see cref="GrpcLoad"/> asks: the same as the router does for the requests of the same name of
/// <see cref="LoadArguments"/>.</summary>
internal sealed class TritonRequests
{
    private readonly ModelInferRequest _request;
    private readonly ModelInferRequest[] _first;

    private TritonRequests(ModelInferRequest request, ModelInferRequest[] first) => (_request, _first) = (request, first);

    /// <summary>Whether the answer is a stream.</summary>
    public bool IsStream => _first.Length > 0;

    /// <summary>Reads <c>triton/TOKENS/MILLISECONDS</c> or <c>embeddings/BATCH/…</c>.</summary>
    /// <param name="kind">What is asked.</param>
    /// <param name="connections">How many ask at once.</param>
    public static TritonRequests Parse(string kind, int connections)
    {
        var random = new Random(1);
        return kind.Split('/') switch
        {
            ["triton", var tokens, var delay] => new TritonRequests(
                Generation(Number(tokens), Number(delay)),
                [
                    .. Enumerable.Range(0, connections)
                        .Select(_ => Generation(delay == "0" ? Number(tokens) : random.Next(1, Number(tokens)), Number(delay))),
                ]),
            ["embeddings", var batch, ..] => new TritonRequests(Embedding(Number(batch)), []),
            _ => throw new ArgumentException($"--request {kind}: a Triton is asked for triton/TOKENS/MILLISECONDS or embeddings/BATCH"),
        };
    }

    /// <summary>What is asked first by one of those that ask at once: streams of different lengths, so that paced ones
    /// do not go in step.</summary>
    public ModelInferRequest First(int number) => IsStream ? _first[number] : _request;

    /// <summary>What is asked then.</summary>
    public ModelInferRequest Next() => _request;

    private static ModelInferRequest Generation(int tokens, int delay)
    {
        var request = new ModelInferRequest { ModelName = "ensemble", Id = "1" };
        Add(request, "text_input", "BYTES", [1, 1], Element(RawRequest.TritonPrompt(tokens, delay)));
        var most = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(most, tokens);
        Add(request, "max_tokens", "INT32", [1, 1], most);
        Add(request, "stream", "BOOL", [1, 1], [1]);
        return request;
    }

    private static ModelInferRequest Embedding(int batch)
    {
        var request = new ModelInferRequest { ModelName = "bge", Id = "1" };
        Add(request, "text", "BYTES", [batch, 1], [.. RawRequest.EmbeddingTexts(batch).SelectMany(Element)]);
        return request;
    }

    private static void Add(ModelInferRequest request, string name, string datatype, long[] shape, byte[] content)
    {
        request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = name, Datatype = datatype, Shape = { shape } });
        request.RawInputContents.Add(ByteString.CopyFrom(content));
    }

    private static byte[] Element(string value)
    {
        var text = Encoding.UTF8.GetBytes(value);
        var bytes = new byte[4 + text.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, text.Length);
        text.CopyTo(bytes, 4);
        return bytes;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
