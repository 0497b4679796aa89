using System.Buffers;

namespace AiRouter.Prompting.Tokens.Merging;

/// <summary>
/// Merges one long piece: a linked list of symbols, and a heap of the pairs that merge, by rank, then place. An entry of the
/// heap whose pair is no more is passed over.
/// </summary>
internal ref struct MergeHeap : IDisposable
{
    private readonly MergeTable _table;
    private readonly int[] _links;
    private readonly Span<int> _next;
    private readonly Span<int> _previous;
    private readonly Span<int> _ranks;
    private readonly Span<int> _symbols;

    // A rank and a place each; a binary heap, the least first.
    private readonly ulong[] _heap;
    private int _heapCount;

    /// <summary>Takes the symbols.</summary>
    public MergeHeap(Span<int> symbols, MergeTable table)
    {
        var count = symbols.Length;
        _table = table;
        _symbols = symbols;
        _links = ArrayPool<int>.Shared.Rent(count * 3);
        _next = _links.AsSpan(0, count);
        _previous = _links.AsSpan(count, count);
        _ranks = _links.AsSpan(count * 2, count);

        // Each merge adds two pairs at most.
        _heap = ArrayPool<ulong>.Shared.Rent(count * 3);
    }

    /// <summary>Merges; what is left goes to the beginning of <paramref name="result"/>, which may be the symbols taken.</summary>
    public int Run(Span<int> result)
    {
        for (var i = 0; i < _symbols.Length; i++)
        {
            (_previous[i], _next[i]) = (i - 1, i + 1);
        }

        for (var i = 0; i < _symbols.Length; i++)
        {
            Consider(i);
        }

        while (_heapCount > 0)
        {
            var entry = Pop();
            var at = (int)(uint)entry;
            if (_ranks[at] == (int)(entry >> 32))
            {
                MergeAt(at);
            }
        }

        var count = 0;
        for (var i = 0; i < _symbols.Length; i = _next[i])
        {
            result[count++] = _symbols[i];
        }

        return count;
    }

    /// <inheritdoc/>
    public readonly void Dispose()
    {
        ArrayPool<int>.Shared.Return(_links);
        ArrayPool<ulong>.Shared.Return(_heap);
    }

    private void MergeAt(int at)
    {
        var gone = _next[at];
        _symbols[at] = _table.Find(_symbols[at], _symbols[gone]).Symbol;
        _next[at] = _next[gone];
        _ranks[gone] = int.MaxValue;
        if (_next[at] < _symbols.Length)
        {
            _previous[_next[at]] = at;
        }

        Consider(at);
        if (_previous[at] >= 0)
        {
            Consider(_previous[at]);
        }
    }

    /// <summary>The pair that begins at a place is a new one.</summary>
    private void Consider(int at)
    {
        var right = _next[at];
        var rank = right < _symbols.Length ? _table.Find(_symbols[at], _symbols[right]).Rank : int.MaxValue;
        _ranks[at] = rank;
        if (rank != int.MaxValue)
        {
            Push(((ulong)(uint)rank << 32) | (uint)at);
        }
    }

    private void Push(ulong entry)
    {
        var at = _heapCount++;
        while (at > 0 && _heap[(at - 1) / 2] > entry)
        {
            _heap[at] = _heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _heap[at] = entry;
    }

    private ulong Pop()
    {
        var least = _heap[0];
        var last = _heap[--_heapCount];
        var at = 0;
        while (true)
        {
            var child = (at * 2) + 1;
            if (child >= _heapCount)
            {
                break;
            }

            if (child + 1 < _heapCount && _heap[child + 1] < _heap[child])
            {
                child++;
            }

            if (_heap[child] >= last)
            {
                break;
            }

            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = last;
        return least;
    }
}
