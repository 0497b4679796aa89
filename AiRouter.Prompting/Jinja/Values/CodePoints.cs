using System.Buffers;

namespace AiRouter.Prompting.Jinja.Values;

/// <summary>
/// Positions in texts as Python counts them: by code points, where .NET counts UTF-16 units. Texts without surrogates,
/// as nearly all are, need no conversion.
/// </summary>
internal static class CodePoints
{
    private static readonly SearchValues<char> Surrogates =
        SearchValues.Create(Enumerable.Range(0xD800, 0x800).Select(c => (char)c).ToArray());

    /// <summary>Whether units and code points are counted alike.</summary>
    public static bool AreUnits(ReadOnlySpan<char> text) => !text.ContainsAny(Surrogates);

    /// <summary>Python's <c>len(text)</c>.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        if (AreUnits(text))
        {
            return text.Length;
        }

        var count = 0;
        for (var i = 0; i < text.Length; i += LengthAt(text, i))
        {
            count++;
        }

        return count;
    }

    /// <summary>How many units the code point at unit <paramref name="position"/> has.</summary>
    public static int LengthAt(ReadOnlySpan<char> text, int position) =>
        position + 1 < text.Length && char.IsSurrogatePair(text[position], text[position + 1]) ? 2 : 1;

    /// <summary>The code point at unit <paramref name="position"/>; a lone surrogate as itself.</summary>
    public static int At(ReadOnlySpan<char> text, int position) => LengthAt(text, position) == 2
        ? char.ConvertToUtf32(text[position], text[position + 1])
        : text[position];

    /// <summary>The code point that ends before unit <paramref name="position"/>.</summary>
    public static int Before(ReadOnlySpan<char> text, int position) =>
        At(text, position > 1 && LengthAt(text, position - 2) == 2 ? position - 2 : position - 1);

    /// <summary>
    /// The unit where code point <paramref name="index"/> begins; the text's end when it has no more.
    /// </summary>
    public static int ToUnit(ReadOnlySpan<char> text, long index)
    {
        if (AreUnits(text))
        {
            return (int)Math.Min(index, text.Length);
        }

        var unit = 0;
        for (; index > 0 && unit < text.Length; index--)
        {
            unit += LengthAt(text, unit);
        }

        return unit;
    }

    /// <summary>The code points of a text, each as a number (a lone surrogate as itself).</summary>
    public static int[] ToArray(ReadOnlySpan<char> text)
    {
        var result = new int[Count(text)];
        var unit = 0;
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = At(text, unit);
            unit += LengthAt(text, unit);
        }

        return result;
    }

    /// <summary><c>text[index]</c>.</summary>
    public static bool TryGet(in JinjaValue value, in JinjaValue key, out JinjaValue character)
    {
        character = default;
        if (!key.TryGetInt64(out var index))
        {
            return false;
        }

        var text = value.AsString;
        if (index < 0)
        {
            index += Count(text);
        }

        if (index < 0 || index >= text.Length)
        {
            return false;
        }

        var unit = ToUnit(text, index);
        if (unit >= text.Length)
        {
            return false;
        }

        var found = Text(text.AsSpan(unit, LengthAt(text, unit)));
        character = value.IsMarkup ? JinjaValue.Markup(found) : JinjaValue.From(found);
        return true;
    }

    /// <summary>A text of one code point; ASCII ones are shared.</summary>
    public static string Text(ReadOnlySpan<char> character) =>
        character.Length == 1 && character[0] < Ascii.Length ? Ascii[character[0]] : new string(character);

    private static readonly string[] Ascii = [.. Enumerable.Range(0, 128).Select(c => ((char)c).ToString())];
}
