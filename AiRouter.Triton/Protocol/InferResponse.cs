using System.Buffers;
using AiRouter.Triton.Contract;

namespace AiRouter.Triton.Protocol;

/// <summary>
/// One decoded <c>ModelStreamInferResponse</c>. The object and its buffers are used again for the next message, so
/// reading a stream allocates nothing per token; typed contents are turned into the raw form, so there is one way to
/// read.
/// </summary>
internal sealed class InferResponse
{
    /// <summary>
    /// Buffers above this are lent by the shared pool for one message instead of waiting here, so that all responses that wait
    /// hold 64 MiB at most. An array of its own for each message of that size would go to the collector's oldest generation.
    /// </summary>
    private const int LargestKeptBuffer = 64 << 10;

    private byte[] _buffer = [];
    private long[] _dims = new long[16];
    private OutputTensor[] _outputs = new OutputTensor[8];
    private ByteRange[] _raws = new ByteRange[8];
    private int _length;
    private int _dimCount;
    private int _outputCount;
    private int _rawCount;

    /// <summary>True when the bytes are not a message of the protocol; nothing else is then to be read.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>The text of an in-band error.</summary>
    public ReadOnlySpan<byte> Error => Slice(ErrorRange);

    public bool HasError => ErrorRange.Length > 0;

    /// <summary>Whether <c>triton_final_response</c> was there at all.</summary>
    public bool HasFinalFlag { get; set; }

    /// <summary><c>triton_final_response</c>.</summary>
    public bool IsFinal { get; set; }

    /// <summary>How many outputs came.</summary>
    public int OutputCount => _outputCount;

    internal ByteRange ErrorRange { get; set; }

    internal ReadOnlySpan<byte> Buffer => _buffer.AsSpan(0, _length);

    /// <summary>Takes a message over from gRPC, whose buffer is only lent.</summary>
    public void Read(ReadOnlySequence<byte> payload)
    {
        Clear();
        Reserve((int)payload.Length);
        payload.CopyTo(_buffer);
        _length = (int)payload.Length;
        IsMalformed = !InferResponseDecoder.TryDecode(this, _length);
    }

    /// <summary>Looks for an output by name.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, out TensorView tensor)
    {
        for (var i = 0; i < _outputCount; i++)
        {
            ref readonly var output = ref _outputs[i];
            if (Slice(output.Name).SequenceEqual(name))
            {
                tensor = new TensorView(
                    output.Type, _dims.AsSpan(output.FirstDim, output.Rank), output.Elements, Slice(output.Data));
                return true;
            }
        }

        tensor = default;
        return false;
    }

    /// <summary>Forgets the message and, when it was large, the memory it took.</summary>
    public void Clear()
    {
        if (_buffer.Length > LargestKeptBuffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }

        _length = _dimCount = _outputCount = _rawCount = 0;
        ErrorRange = default;
        HasFinalFlag = IsFinal = IsMalformed = false;
    }

    internal ReadOnlySpan<byte> Slice(ByteRange range) => _buffer.AsSpan(range.Start, range.Length);

    internal int BeginOutput() => _dimCount;

    internal bool TryAddDim(int firstDim, long dim)
    {
        const int maxRank = 16;
        if (dim < 0 || _dimCount - firstDim == maxRank)
        {
            return false;
        }

        Grow(ref _dims, _dimCount);
        _dims[_dimCount++] = dim;
        return true;
    }

    internal ReadOnlySpan<long> DimsFrom(int firstDim) => _dims.AsSpan(firstDim, _dimCount - firstDim);

    internal bool TryAddOutput(in OutputTensor output)
    {
        const int maxOutputs = 256;
        if (_outputCount == maxOutputs)
        {
            return false;
        }

        Grow(ref _outputs, _outputCount);
        _outputs[_outputCount++] = output;
        return true;
    }

    internal bool TryAddRaw(ByteRange raw)
    {
        Grow(ref _raws, _rawCount);
        _raws[_rawCount++] = raw;
        return _rawCount <= 256;
    }

    /// <summary>Gives each output its raw contents: none at all, or one for each in order.</summary>
    internal bool TryAssignRaws()
    {
        if (_rawCount == 0)
        {
            return true;
        }

        for (var i = 0; i < _outputCount && _rawCount == _outputCount; i++)
        {
            _outputs[i].Data = _raws[i];
        }

        return _rawCount == _outputCount;
    }

    /// <summary>Room behind the message for contents turned into raw form.</summary>
    internal Span<byte> Append(int count)
    {
        Reserve(_length + count);
        _length += count;
        return _buffer.AsSpan(_length - count, count);
    }

    internal int AppendPosition => _length;

    private static void Grow<T>(ref T[] array, int used)
    {
        if (used == array.Length)
        {
            Array.Resize(ref array, used * 2);
        }
    }

    private void Reserve(int size)
    {
        if (_buffer.Length >= size)
        {
            return;
        }

        var most = Math.Max(size, Math.Max(1024, _buffer.Length * 2));
        var larger = most > LargestKeptBuffer ? ArrayPool<byte>.Shared.Rent(most) : new byte[most];
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > LargestKeptBuffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }
}

/// <summary>Where an output tensor lies in the buffer of its response.</summary>
internal record struct OutputTensor(
    ByteRange Name, DataType Type, int FirstDim, int Rank, int Elements, ByteRange Data);
