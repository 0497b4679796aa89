using System.Buffers;

namespace AiRouter.Triton;

/// <summary>
/// The vectors of one response, one behind the other in an array of the shared pool: 32 of 1,024 numbers are 128 KiB, which
/// as an array of their own would be cleared, and collected with the oldest generation, for every request.
/// </summary>
internal sealed class VectorBlock : IDisposable
{
    private float[] _numbers;

    /// <summary>Room for vectors.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="length">How long each is.</param>
    public VectorBlock(int count, int length)
    {
        Count = count;
        Length = length;
        _numbers = ArrayPool<float>.Shared.Rent(count * length);
    }

    /// <summary>How many vectors there are.</summary>
    public int Count { get; }

    /// <summary>How long each of them is.</summary>
    public int Length { get; private set; }

    /// <summary>All numbers.</summary>
    public Span<float> Numbers => _numbers.AsSpan(0, Count * Length);

    /// <summary>One of the vectors; valid until the block is disposed.</summary>
    public Memory<float> this[int index] => _numbers.AsMemory(index * Length, Length);

    /// <summary>The one vector turned out to be shorter.</summary>
    public void Shorten(int length) => Length = length;

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        var numbers = Interlocked.Exchange(ref _numbers, []);
        if (numbers.Length > 0)
        {
            ArrayPool<float>.Shared.Return(numbers);
        }
    }
}
