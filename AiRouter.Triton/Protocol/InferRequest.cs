using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using AiRouter.Triton.Contract;
using AiRouter.Triton.Models;

namespace AiRouter.Triton.Protocol;

/// <summary>
/// One <c>ModelInferRequest</c>, encoded while its inputs are added: everything but the contents first, then
/// <c>raw_input_contents</c> in the same order (Triton gRPC, ModelStreamInfer).
/// </summary>
internal sealed class InferRequest
{
    private readonly ArrayBufferWriter<byte> _head = new(512);
    private readonly ArrayBufferWriter<byte> _contents = new(1024);
    private readonly ArrayBufferWriter<byte> _scratch = new(128);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly bool _isBatched;

    public InferRequest(TritonModel model, string requestId)
    {
        _isBatched = model.MaxBatchSize > 0;
        ProtoWriter.WriteBytes(_head, 1, Encoding.UTF8.GetBytes(model.Name));
        ProtoWriter.WriteBytes(_head, 3, Encoding.UTF8.GetBytes(requestId));

        // Without it the end of a decoupled answer can pass unseen (§3.8); a server that does not know it ignores it.
        ProtoWriter.WriteBytes(_head, 4, EmptyFinalParameter);
    }

    /// <summary>The names of the inputs added so far.</summary>
    public IReadOnlySet<string> Names => _names;

    /// <summary>The encoded size.</summary>
    public int Length => _head.WrittenCount + _contents.WrittenCount;

    // parameters entry: key = 1, value = 2 { bool_param = 1: true }
    private static ReadOnlySpan<byte> EmptyFinalParameter =>
        "\x0A\x22triton_enable_empty_final_response\x12\x02\x08\x01"u8;

    /// <summary>Writes the encoded message.</summary>
    public void WriteTo(IBufferWriter<byte> target)
    {
        target.Write(_head.WrittenSpan);
        target.Write(_contents.WrittenSpan);
    }

    /// <summary>Adds one text.</summary>
    public void AddText(TensorSpec input, ReadOnlySpan<byte> utf8)
    {
        _scratch.ResetWrittenCount();
        WriteElement(utf8);
        Add(input, 1, 1);
    }

    /// <summary>Adds a list of texts: a row of words, or one text for each place of a batch.</summary>
    public void AddTexts(TensorSpec input, IReadOnlyList<ReadOnlyMemory<byte>> texts, int batch = 1)
    {
        _scratch.ResetWrittenCount();
        foreach (var text in texts)
        {
            WriteElement(text.Span);
        }

        Add(input, texts.Count / batch, batch);
    }

    /// <summary>Adds a truth value.</summary>
    public void AddBool(TensorSpec input, bool value) => AddIntegers(input, [value ? 1 : 0]);

    /// <summary>Adds a whole number; false when it does not fit the declared type.</summary>
    public bool AddInteger(TensorSpec input, Int128 value) => AddIntegers(input, [value]);

    /// <summary>Adds whole numbers; false when one does not fit the declared type.</summary>
    public bool AddIntegers(TensorSpec input, ReadOnlySpan<Int128> values, int batch = 1)
    {
        _scratch.ResetWrittenCount();
        foreach (var value in values)
        {
            if (!NumberCodec.TryWrite(_scratch, input.Type, value))
            {
                return false;
            }
        }

        Add(input, values.Length / batch, batch);
        return true;
    }

    /// <summary>Adds a number; false when it does not fit the declared type.</summary>
    public bool AddNumber(TensorSpec input, double value)
    {
        _scratch.ResetWrittenCount();
        if (!NumberCodec.TryWrite(_scratch, input.Type, value))
        {
            return false;
        }

        Add(input, 1, 1);
        return true;
    }

    /// <summary>
    /// Adds a row of numbers with zeros behind it, <paramref name="length"/> in all; false when the declared type takes none of them.
    /// </summary>
    public bool AddNumbers(TensorSpec input, ReadOnlySpan<float> values, int length)
    {
        _scratch.ResetWrittenCount();
        if (input.Type == DataType.TypeFp32 && BitConverter.IsLittleEndian)
        {
            // What audio comes as: 2 MB at a time, so not number by number.
            var row = MemoryMarshal.Cast<byte, float>(_scratch.GetSpan(length * sizeof(float)))[..length];
            values.CopyTo(row);
            row[values.Length..].Clear();
            _scratch.Advance(length * sizeof(float));
        }
        else
        {
            for (var i = 0; i < length; i++)
            {
                if (!NumberCodec.TryWrite(_scratch, input.Type, i < values.Length ? values[i] : 0d))
                {
                    return false;
                }
            }
        }

        Add(input, length, 1);
        return true;
    }

    private void WriteElement(ReadOnlySpan<byte> bytes)
    {
        var target = _scratch.GetSpan(sizeof(uint) + bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)bytes.Length);
        bytes.CopyTo(target[sizeof(uint)..]);
        _scratch.Advance(sizeof(uint) + bytes.Length);
    }

    private void Add(TensorSpec input, int count, int batch)
    {
        _names.Add(input.Name);
        ProtoWriter.WriteBytes(_contents, 7, _scratch.WrittenSpan);

        _scratch.ResetWrittenCount();
        ProtoWriter.WriteBytes(_scratch, 1, input.NameUtf8);
        ProtoWriter.WriteBytes(_scratch, 2, TensorTypes.WireName(input.Type));
        var shape = new long[input.Dims.Count + 1];
        ProtoWriter.WritePacked(_scratch, 3, shape.AsSpan(0, WriteShape(input, count, batch, shape)));
        ProtoWriter.WriteBytes(_head, 5, _scratch.WrittenSpan);
    }

    /// <summary>The batch, if the model has one, then as many dimensions as declared: all 1 but the last.</summary>
    private int WriteShape(TensorSpec input, int count, int batch, Span<long> shape)
    {
        var rank = 0;
        if (_isBatched)
        {
            shape[rank++] = batch;
        }

        for (var i = 0; i < input.Dims.Count; i++)
        {
            shape[rank++] = i == input.Dims.Count - 1 ? count : 1;
        }

        return rank;
    }
}
