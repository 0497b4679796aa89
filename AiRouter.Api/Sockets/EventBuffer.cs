using System.Buffers;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Sockets;

/// <summary>
/// What has come of a message that is gathered: 64 KiB as a rule, more out of the budget of all bodies (R31). Disposed at its end.
/// </summary>
internal sealed class EventBuffer(BodyBudget budget, long maxBuffered) : IDisposable
{
    /// <summary>The largest event that is gathered at all.</summary>
    public const int Most = 16 * 1024 * 1024;

    private const int First = 64 * 1024;

    private byte[] _array = ArrayPool<byte>.Shared.Rent(First);
    private int _size = First;
    private int _length;

    /// <summary>What has come.</summary>
    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, _length);

    /// <summary>It has grown: what is in it comes out of the budget.</summary>
    public bool IsLarge => _size > First;

    /// <summary>Where the next piece goes, of this size at most.</summary>
    public Memory<byte> Space(int most) => _array.AsMemory(_length, Math.Min(most, _size - _length));

    /// <summary>A piece has come.</summary>
    public void Advance(int bytes) => _length += bytes;

    /// <summary>Room for another piece. False: it is as large as one may be, or there is no room for more.</summary>
    public bool TryMakeRoom()
    {
        if (_length < _size)
        {
            return true;
        }

        var size = Math.Min(_size * 2, Most);
        if (size == _size || !budget.TryTake(size - _size, maxBuffered))
        {
            return false;
        }

        var larger = ArrayPool<byte>.Shared.Rent(size);
        _array.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array);
        (_array, _size) = (larger, size);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        budget.Return(_size - First);
        ArrayPool<byte>.Shared.Return(_array);
        (_array, _size, _length) = ([], First, 0);
    }
}
