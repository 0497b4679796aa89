using System.Buffers;

namespace AiRouter.Prompting.Tokens.Segments;

/// <summary>The pieces of a segment, by place. Pooled: a prompt of 100,000 tokens has nearly as many.</summary>
internal struct PieceList() : IDisposable
{
    private (int Start, int End)[] _pieces = ArrayPool<(int, int)>.Shared.Rent(64);
    private int _count;

    /// <summary>The pieces, in order.</summary>
    public readonly ReadOnlySpan<(int Start, int End)> Pieces => _pieces.AsSpan(0, _count);

    /// <summary>Adds one; an empty one is none.</summary>
    public void Add(int start, int end)
    {
        if (start == end)
        {
            return;
        }

        if (_count == _pieces.Length)
        {
            var larger = ArrayPool<(int, int)>.Shared.Rent(_count * 2);
            _pieces.CopyTo(larger, 0);
            ArrayPool<(int, int)>.Shared.Return(_pieces);
            _pieces = larger;
        }

        _pieces[_count++] = (start, end);
    }

    /// <inheritdoc/>
    public readonly void Dispose() => ArrayPool<(int, int)>.Shared.Return(_pieces);
}
