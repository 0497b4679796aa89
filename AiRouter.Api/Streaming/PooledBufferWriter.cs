using System.Buffers;

namespace AiRouter.Api.Streaming;

/// <summary>Bytes that grow in arrays of the shared pool; for answers that have to be whole before they go out.</summary>
internal sealed class PooledBufferWriter : IBufferWriter<byte>, IDisposable
{
    private const int FirstSize = 4096;

    private byte[] _array = [];
    private int _length;

    /// <summary>How much was written.</summary>
    public int Length => _length;

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _array.AsMemory(0, _length);

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _array.AsSpan(0, _length);

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsSpan(_length);
    }

    /// <summary>Forgets what was written, and holds no memory until more is.</summary>
    public void Clear()
    {
        Return(_array);
        _array = [];
        _length = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private void Reserve(int size)
    {
        var needed = _length + Math.Max(size, 1);
        if (needed <= _array.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(needed, Math.Max(FirstSize, _array.Length * 2L))));
        WrittenSpan.CopyTo(larger);
        Return(_array);
        _array = larger;
    }

    private static void Return(byte[] array)
    {
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
