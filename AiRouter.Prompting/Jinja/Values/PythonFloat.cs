using System.Globalization;

namespace AiRouter.Prompting.Jinja.Values;

/// <summary>
/// Python's <c>repr(float)</c>: the shortest digits that read back as the same number, laid out Python's way.
/// </summary>
internal static class PythonFloat
{
    /// <summary>The text.</summary>
    public static string Text(double value)
    {
        using var text = new JinjaText(null);
        Append(text, value);
        return text.ToString();
    }

    /// <summary>Appends the text.</summary>
    public static void Append(JinjaText text, double value)
    {
        if (!double.IsFinite(value))
        {
            text.Append(double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf");
            return;
        }

        if (double.IsNegative(value))
        {
            text.Append('-');
        }

        Span<char> buffer = stackalloc char[20];
        var (length, point) = Digits(Math.Abs(value), buffer);
        ReadOnlySpan<char> digits = buffer[..length];

        // Python writes an exponent below 1e-4 and from 1e16 on.
        if (point is > -4 and <= 16)
        {
            AppendPlain(text, digits, point);
            return;
        }

        text.Append(digits[0]);
        if (length > 1)
        {
            text.Append('.');
            text.Append(digits[1..]);
        }

        AppendExponent(text, point - 1);
    }

    /// <summary>Appends an exponent as C does: a sign and at least two digits.</summary>
    public static void AppendExponent(JinjaText text, int exponent, char letter = 'e')
    {
        text.Append(letter);
        text.Append(exponent < 0 ? '-' : '+');
        text.Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture));
    }

    /// <summary>The shortest digits, without zeros at the ends, and where the point stands among them.</summary>
    private static (int Length, int Point) Digits(double value, Span<char> digits)
    {
        if (value == 0)
        {
            digits[0] = '0';
            return (1, 1);
        }

        Span<char> text = stackalloc char[32];
        _ = value.TryFormat(text, out var written, "R", CultureInfo.InvariantCulture);
        var shortest = text[..written];
        var exponent = 0;
        var mark = shortest.IndexOf('E');
        if (mark >= 0)
        {
            exponent = int.Parse(shortest[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            shortest = shortest[..mark];
        }

        var dot = shortest.IndexOf('.');
        var point = (dot < 0 ? shortest.Length : dot) + exponent;
        var length = 0;
        foreach (var c in shortest)
        {
            if (c == '.')
            {
                continue;
            }

            if (c == '0' && length == 0)
            {
                point--;
                continue;
            }

            digits[length++] = c;
        }

        while (digits[length - 1] == '0')
        {
            length--;
        }

        return (length, point);
    }

    private static void AppendPlain(JinjaText text, ReadOnlySpan<char> digits, int point)
    {
        if (point <= 0)
        {
            text.Append("0.");
            text.Append('0', -point);
            text.Append(digits);
        }
        else if (point >= digits.Length)
        {
            text.Append(digits);
            text.Append('0', point - digits.Length);
            text.Append(".0");
        }
        else
        {
            text.Append(digits[..point]);
            text.Append('.');
            text.Append(digits[point..]);
        }
    }
}
