using System.Buffers.Binary;
using System.Text;
using AiRouter.Triton.Contract;

namespace AiRouter.Tests.Triton.Fixtures;

/// <summary>A captured request, decoded by protobuf's own code: the tensors by name.</summary>
internal sealed class SentRequest(ModelInferRequest request)
{
    public IEnumerable<string> Names => request.Inputs.Select(input => input.Name);

    /// <summary>The value: a number, a bool, a text, or a list of texts; null when the input was not sent.</summary>
    public object? this[string name] => Has(name) ? Value(Index(name)) : null;

    /// <summary>The last request that a server got.</summary>
    public static SentRequest Single(TritonHarness triton) => new(triton.Server.Requests.Last());

    public bool Has(string name) => Index(name) >= 0;

    public string Type(string name) => request.Inputs[Index(name)].Datatype;

    public IEnumerable<long> Shape(string name) => request.Inputs[Index(name)].Shape;

    public ReadOnlySpan<byte> Raw(string name) => request.RawInputContents[Index(name)].Span;

    private int Index(string name) => request.Inputs.ToList().FindIndex(input => input.Name == name);

    private object Value(int index)
    {
        var raw = request.RawInputContents[index].Span;
        return request.Inputs[index].Datatype switch
        {
            "BOOL" => raw[0] != 0,
            "INT32" => BinaryPrimitives.ReadInt32LittleEndian(raw),
            "UINT32" => BinaryPrimitives.ReadUInt32LittleEndian(raw),
            "INT64" => BinaryPrimitives.ReadInt64LittleEndian(raw),
            "UINT64" => BinaryPrimitives.ReadUInt64LittleEndian(raw),
            "FP32" => BinaryPrimitives.ReadSingleLittleEndian(raw),
            "BYTES" => Texts(raw) is [var one] && request.Inputs[index].Name is not ("stop_words" or "bad_words")
                ? one
                : Texts(raw),
            var other => throw new NotSupportedException(other),
        };
    }

    private static string[] Texts(ReadOnlySpan<byte> raw)
    {
        var texts = new List<string>();
        while (!raw.IsEmpty)
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(raw);
            texts.Add(Encoding.UTF8.GetString(raw.Slice(4, length)));
            raw = raw[(4 + length)..];
        }

        return [.. texts];
    }
}
