using System.Buffers;

namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>Rented memory for what comes with the head of an answer. Whoever has it gives it back once.</summary>
internal struct ReceivedBytes(int size)
{
    private byte[]? _array = ArrayPool<byte>.Shared.Rent(size);
    private int _start;
    private int _end;

    /// <summary>The memory is here.</summary>
    public readonly bool IsHeld => _array is not null;

    /// <summary>Where more goes.</summary>
    public readonly Memory<byte> Space => _array.AsMemory(_end);

    /// <summary>What has come and was not taken.</summary>
    public readonly Span<byte> Rest => _array.AsSpan(_start, _end - _start);

    /// <summary>All that has come, what was taken with it.</summary>
    public readonly ReadOnlySpan<byte> All => _array.AsSpan(0, _end);

    /// <summary>More has come.</summary>
    public void Add(int count) => _end += count;

    /// <summary>Some of the rest was taken.</summary>
    public void Take(int count) => _start += count;

    /// <summary>Forgets what was taken.</summary>
    public void Forget()
    {
        Rest.CopyTo(_array);
        _end -= _start;
        _start = 0;
    }

    /// <summary>Makes twice the space.</summary>
    public void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_array!.Length * 2);
        All.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }

    /// <summary>Gives the memory back.</summary>
    public void Return()
    {
        if (_array is { } array)
        {
            _array = null;
            _start = _end = 0;
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
