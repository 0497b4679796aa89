using System.Buffers;
using System.Globalization;

namespace AiRouter.Prompting.Tokens.Segments;

/// <summary>
/// A text for patterns that were written for code points. .NET's patterns see two halves where a character lies behind U+FFFF,
/// and neither is a letter: such characters are replaced by one of the same category that no vocabulary's pattern names.
/// </summary>
internal readonly ref struct ShapedText : IDisposable
{
    // By UnicodeCategory; categories without characters behind U+FFFF have any.
    private const string StandIns = "\u0100\u0101\u01C5\u02C0\u01BB\u0300\u0903\u0488\u0660\u2160\u00B2\u00A0\u2028\u2029" +
        "\u0007\u00AD\uFFFD\uE000\u203F\u2010\u2045\u2046\u00AB\u00BB\u00A1\u00AC\u00A2\u00A8\u00A6\u0378";

    private readonly char[]? _shape;
    private readonly int[]? _places;

    /// <summary>Shapes a text; most have nothing to replace, which costs one look.</summary>
    public ShapedText(ReadOnlySpan<char> text)
    {
        Shape = text;
        if (!text.ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return;
        }

        _shape = ArrayPool<char>.Shared.Rent(text.Length);
        _places = ArrayPool<int>.Shared.Rent(text.Length + 1);
        var count = 0;
        var place = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            _places[count] = place;
            _shape[count++] = rune.IsBmp ? (char)rune.Value : StandIns[(int)CharUnicodeInfo.GetUnicodeCategory(rune.Value)];
            place += rune.Utf16SequenceLength;
        }

        _places[count] = place;
        Shape = _shape.AsSpan(0, count);
    }

    /// <summary>What patterns see.</summary>
    public ReadOnlySpan<char> Shape { get; }

    /// <summary>Where a place of the shape lies in the text.</summary>
    public int PlaceOf(int index) => _places is null ? index : _places[index];

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_shape is not null)
        {
            ArrayPool<char>.Shared.Return(_shape);
            ArrayPool<int>.Shared.Return(_places!);
        }
    }
}
