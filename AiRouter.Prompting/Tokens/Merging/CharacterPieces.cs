using System.Buffers;
using System.Text;

namespace AiRouter.Prompting.Tokens.Merging;

/// <summary>
/// BPE over characters, as SentencePiece does it: the symbols of a piece are its code points; one that is no token becomes the
/// tokens of its bytes, or the unknown token.
/// </summary>
internal sealed class CharacterPieces(CharacterVocabulary vocabulary, MergeTable table) : IPieceCounter
{
    private const int OnStack = 256;

    /// <inheritdoc/>
    public int Count(ReadOnlySpan<char> piece)
    {
        var rented = piece.Length > OnStack ? ArrayPool<int>.Shared.Rent(piece.Length) : null;
        var symbols = rented is null ? stackalloc int[OnStack] : rented.AsSpan();
        var count = SymbolMerger.Merge(symbols[..Read(piece, symbols)], table);
        count = CostOf(symbols[..count]);
        if (rented is not null)
        {
            ArrayPool<int>.Shared.Return(rented);
        }

        return count;
    }

    private int Read(ReadOnlySpan<char> piece, Span<int> symbols)
    {
        var count = 0;
        while (!piece.IsEmpty)
        {
            if (vocabulary.AtomAt(piece) is > 0 and var atom)
            {
                symbols[count++] = CharacterVocabulary.Atom;
                piece = piece[atom..];
                continue;
            }

            Rune.DecodeFromUtf16(piece, out var rune, out var length);
            symbols[count++] = vocabulary.SymbolOf(rune);
            piece = piece[length..];
        }

        return count;
    }

    private int CostOf(ReadOnlySpan<int> symbols)
    {
        var cost = 0;
        var isUnknown = false;
        foreach (var symbol in symbols)
        {
            var tokens = vocabulary.TokensOf(symbol);
            // Unknown tokens in a row are one.
            cost += tokens == 0 ? (isUnknown ? 0 : 1) : tokens;
            isUnknown = tokens == 0;
        }

        return cost;
    }
}
