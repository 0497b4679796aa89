using System.Buffers;
using System.Text;

namespace AiRouter.Prompting.Tokens.Merging;

/// <summary>Byte-level BPE: the symbols of a piece are its UTF-8 bytes.</summary>
internal sealed class ByteLevelPieces : IPieceCounter
{
    private const int OnStack = 256;

    private readonly int[] _bytes = new int[256];
    private readonly MergeTable _table;
    private readonly HashSet<string>? _whole;
    private readonly int _longestWhole;

    /// <summary>Takes a vocabulary.</summary>
    /// <param name="symbols">The symbol of each token, as byte-level vocabularies write them.</param>
    /// <param name="table">The merges.</param>
    /// <param name="takesWhole">A piece that is a token is that token, whatever the merges make of it.</param>
    public ByteLevelPieces(IReadOnlyDictionary<string, int> symbols, MergeTable table, bool takesWhole)
    {
        _table = table;
        for (var value = 0; value < _bytes.Length; value++)
        {
            _bytes[value] = symbols.GetValueOrDefault(ByteLetters.Of((byte)value).ToString(), -1);
        }

        if (takesWhole)
        {
            _whole = new HashSet<string>(symbols.Keys, StringComparer.Ordinal);
            _longestWhole = Math.Min(OnStack, _whole.Max(token => token.Length));
        }
    }

    /// <inheritdoc/>
    public int Count(ReadOnlySpan<char> piece)
    {
        var most = Encoding.UTF8.GetMaxByteCount(piece.Length);
        var rentedBytes = most > OnStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        var bytes = rentedBytes is null ? stackalloc byte[OnStack] : rentedBytes.AsSpan();
        bytes = bytes[..Encoding.UTF8.GetBytes(piece, bytes)];
        var count = IsWhole(bytes) ? 1 : CountMerged(bytes);
        if (rentedBytes is not null)
        {
            ArrayPool<byte>.Shared.Return(rentedBytes);
        }

        return count;
    }

    private bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        if (_whole is null || bytes.Length > _longestWhole)
        {
            return false;
        }

        Span<char> letters = stackalloc char[bytes.Length];
        ByteLetters.Write(bytes, letters);
        return _whole.GetAlternateLookup<ReadOnlySpan<char>>().Contains(letters);
    }

    private int CountMerged(ReadOnlySpan<byte> bytes)
    {
        var rented = bytes.Length > OnStack ? ArrayPool<int>.Shared.Rent(bytes.Length) : null;
        var symbols = rented is null ? stackalloc int[OnStack] : rented.AsSpan();
        var count = 0;
        foreach (var value in bytes)
        {
            // A byte that the vocabulary does not have is left out, as Hugging Face does without an unknown token.
            if (_bytes[value] >= 0)
            {
                symbols[count++] = _bytes[value];
            }
        }

        count = SymbolMerger.Merge(symbols[..count], _table);
        if (rented is not null)
        {
            ArrayPool<int>.Shared.Return(rented);
        }

        return count;
    }
}
