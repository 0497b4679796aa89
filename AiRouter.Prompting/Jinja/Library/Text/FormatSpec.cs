using System.Globalization;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Text;

/// <summary>
/// Python's format specification: <c>[[fill]align][sign][#][0][width][grouping][.precision][type]</c>.
/// </summary>
internal readonly record struct FormatSpec
{
    private const int MostDigits = 9;

    /// <summary>The filling character, a whole one.</summary>
    public string Fill { get; private init; }

    /// <summary>One of <c>&lt; &gt; = ^</c>; 0 when not given.</summary>
    public char Align { get; private init; }

    /// <summary>One of <c>+ -</c> and space; 0 when not given.</summary>
    public char Sign { get; private init; }

    /// <summary>Whether <c>#</c> was given.</summary>
    public bool IsAlternate { get; private init; }

    /// <summary>Whether a negative zero loses its sign (<c>z</c>).</summary>
    public bool DropsNegativeZero { get; private init; }

    /// <summary>Whether zeros fill numbers behind the sign.</summary>
    public bool IsZeroFilled { get; private init; }

    /// <summary>The least width in code points.</summary>
    public int Width { get; private init; }

    /// <summary><c>,</c> or <c>_</c> between groups of digits; 0 when not given.</summary>
    public char Grouping { get; private init; }

    /// <summary>The precision; -1 when not given.</summary>
    public int Precision { get; private init; }

    /// <summary>The type; 0 when not given.</summary>
    public char Type { get; private init; }

    /// <summary>Reads it.</summary>
    /// <exception cref="JinjaValueException">It is none.</exception>
    public static FormatSpec Parse(string text, string type)
    {
        var i = 0;
        var (fill, align) = (" ", '\0');
        var fillLength = text.Length > 0 ? CodePoints.LengthAt(text, 0) : 0;
        if (text.Length > fillLength && IsAlign(text[fillLength]))
        {
            (fill, align) = (text[..fillLength], text[fillLength]);
            i = fillLength + 1;
        }
        else if (text.Length > 0 && IsAlign(text[0]))
        {
            align = text[0];
            i = 1;
        }

        var sign = i < text.Length && text[i] is ('+' or '-' or ' ') ? text[i++] : '\0';
        var dropsNegativeZero = Take(text, ref i, 'z');
        var isAlternate = Take(text, ref i, '#');

        // With an alignment given the zero says nothing but the filling.
        var isZero = Take(text, ref i, '0');
        var isZeroFilled = isZero && align == '\0';
        var width = Number(text, ref i) ?? 0;
        var grouping = i < text.Length && text[i] is (',' or '_') ? text[i++] : '\0';
        int? precision = null;
        if (Take(text, ref i, '.'))
        {
            precision = Number(text, ref i) ??
                throw JinjaValueException.ValueError("Format specifier missing precision");
        }

        if (text.Length - i > 1)
        {
            throw JinjaValueException.ValueError($"Invalid format specifier '{text}' for object of type '{type}'");
        }

        return new FormatSpec
        {
            Fill = isZero && (align == '\0' || text[0] == align) ? "0" : fill,
            Align = align,
            Sign = sign,
            DropsNegativeZero = dropsNegativeZero,
            IsAlternate = isAlternate,
            IsZeroFilled = isZeroFilled,
            Width = width,
            Grouping = grouping,
            Precision = precision ?? -1,
            Type = i < text.Length ? text[i] : '\0',
        };
    }

    private static bool IsAlign(char c) => c is '<' or '>' or '=' or '^';

    private static bool Take(string text, ref int i, char wanted)
    {
        if (i >= text.Length || text[i] != wanted)
        {
            return false;
        }

        i++;
        return true;
    }

    private static int? Number(string text, ref int i)
    {
        var start = i;
        while (i < text.Length && char.IsAsciiDigit(text[i]))
        {
            i++;
        }

        if (i - start > MostDigits)
        {
            throw JinjaValueException.ValueError("Too many decimal digits in format string");
        }

        return i == start ? null : int.Parse(text.AsSpan(start, i - start), CultureInfo.InvariantCulture);
    }
}
