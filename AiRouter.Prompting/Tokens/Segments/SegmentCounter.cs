using System.Buffers;
using System.Text;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Tokens.Merging;

namespace AiRouter.Prompting.Tokens.Segments;

/// <summary>
/// A tokenizer from its parts, in their order: added tokens are found, the text between them is changed by rules, split into
/// pieces by patterns, and each piece is counted. Nothing in it changes after it was made.
/// </summary>
internal sealed class SegmentCounter : ITokenCounter
{
    private static readonly AddedTokens None = new([]);

    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <summary>Added tokens that are looked for in the text as it came.</summary>
    public AddedTokens Tokens { get; init; } = None;

    /// <summary>What is done with the text between them (normalizers).</summary>
    public IReadOnlyList<ITextRule> Rules { get; init; } = [];

    /// <summary>Added tokens that are looked for behind the rules.</summary>
    public AddedTokens NormalizedTokens { get; init; } = None;

    /// <summary>What is done with the text between those.</summary>
    public IReadOnlyList<ITextRule> PieceRules { get; init; } = [];

    /// <summary>What splits it into pieces.</summary>
    public IReadOnlyList<PatternSplit> Splits { get; init; } = [];

    /// <summary>Counts a piece.</summary>
    public required IPieceCounter Pieces { get; init; }

    /// <summary>How many tokens are put around a text.</summary>
    public int SpecialTokens { get; init; }

    /// <inheritdoc/>
    public int Count(ReadOnlySpan<byte> utf8, bool addSpecialTokens)
    {
        var rented = ArrayPool<char>.Shared.Rent(utf8.Length);
        var text = rented.AsSpan(0, Encoding.UTF8.GetChars(utf8, rented));
        var count = CountText(text) + (addSpecialTokens ? SpecialTokens : 0);
        ArrayPool<char>.Shared.Return(rented);
        return count;
    }

    private int CountText(ReadOnlySpan<char> text)
    {
        var count = 0;
        var segments = Tokens.Split(text);
        while (segments.MoveNext())
        {
            count += segments.IsToken ? 1 : CountChanged(segments.Current, segments.Start == 0);
        }

        return count;
    }

    private int CountChanged(ReadOnlySpan<char> text, bool isStart)
    {
        var count = 0;
        var segments = NormalizedTokens.Split(Apply(Rules, text, isStart));
        while (segments.MoveNext())
        {
            count += segments.IsToken
                ? 1
                : CountPieces(Apply(PieceRules, segments.Current, isStart && segments.Start == 0));
        }

        return count;
    }

    private static ReadOnlySpan<char> Apply(IReadOnlyList<ITextRule> rules, ReadOnlySpan<char> text, bool isStart)
    {
        foreach (var rule in rules)
        {
            if (!text.IsEmpty && rule.Apply(text, isStart) is { } changed)
            {
                text = changed;
            }
        }

        return text;
    }

    private int CountPieces(ReadOnlySpan<char> text)
    {
        using var shaped = new ShapedText(text);
        var pieces = new PieceList();
        pieces.Add(0, shaped.Shape.Length);
        foreach (var split in Splits)
        {
            var smaller = new PieceList();
            foreach (var (start, end) in pieces.Pieces)
            {
                split.Split(shaped.Shape, start, end, ref smaller);
            }

            pieces.Dispose();
            pieces = smaller;
        }

        var count = 0;
        foreach (var (start, end) in pieces.Pieces)
        {
            count += Pieces.Count(text[shaped.PlaceOf(start)..shaped.PlaceOf(end)]);
        }

        pieces.Dispose();
        return count;
    }
}
