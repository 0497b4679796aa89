using System.Globalization;
using System.Numerics;

namespace AiRouter.Prompting.Jinja.Syntax;

/// <summary>Python's numbers as Jinja2 reads them.</summary>
internal static class Numbers
{
    /// <summary>Finds out which number begins at a digit, and where it ends.</summary>
    public static TokenKind Match(string text, int start, out int end)
    {
        // After a dot there is no floating point number: a.0.1 is two look-ups.
        if ((start == 0 || text[start - 1] != '.') && TryMatchFloat(text, start, out end))
        {
            return TokenKind.Float;
        }

        end = MatchInteger(text, start);
        return TokenKind.Integer;
    }

    public static BigInteger ToInteger(string text)
    {
        var digits = text.Replace("_", string.Empty, StringComparison.Ordinal);
        var radix = digits.Length < 2 ? 10 : char.ToLowerInvariant(digits[1]) switch { 'b' => 2, 'o' => 8, 'x' => 16, _ => 10 };
        if (radix == 10)
        {
            return BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        }

        var value = BigInteger.Zero;
        foreach (var digit in digits.AsSpan(2))
        {
            value = (value * radix) + Convert.ToInt32(digit.ToString(), 16);
        }

        return value;
    }

    public static double ToFloat(string text) =>
        double.Parse(text.Replace("_", string.Empty, StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static bool TryMatchFloat(string text, int start, out int end)
    {
        var whole = Digits(text, start);
        var at = whole;
        var isFloat = false;
        if (IsAt(text, at, '.') && Digits(text, at + 1) > at + 1)
        {
            at = Digits(text, at + 1);
            isFloat = true;
        }

        var exponent = at;
        if (IsAt(text, exponent, 'e') || IsAt(text, exponent, 'E'))
        {
            exponent += IsAt(text, exponent + 1, '+') || IsAt(text, exponent + 1, '-') ? 2 : 1;
            var last = Digits(text, exponent);
            if (last > exponent)
            {
                at = last;
                isFloat = true;
            }
        }

        end = at;
        return isFloat;
    }

    /// <summary>Digits with single <c>_</c> between them.</summary>
    private static int Digits(string text, int at)
    {
        while (at < text.Length &&
            (char.IsAsciiDigit(text[at]) ||
            (text[at] == '_' && char.IsAsciiDigit(text[at - 1]) && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))))
        {
            at++;
        }

        return at;
    }

    private static int MatchInteger(string text, int start)
    {
        if (text[start] == '0' && start + 1 < text.Length)
        {
            var end = char.ToLowerInvariant(text[start + 1]) switch
            {
                'b' => Run(text, start + 2, static digit => digit is '0' or '1'),
                'o' => Run(text, start + 2, static digit => digit is >= '0' and <= '7'),
                'x' => Run(text, start + 2, char.IsAsciiHexDigit),
                _ => start + 2,
            };
            if (end > start + 2)
            {
                return end;
            }
        }

        return text[start] == '0'
            ? Run(text, start + 1, static digit => digit == '0')
            : Run(text, start + 1, char.IsAsciiDigit);
    }

    /// <summary>Digits with a single <c>_</c> before any.</summary>
    private static int Run(string text, int at, Func<char, bool> isDigit)
    {
        while (at < text.Length &&
            (isDigit(text[at]) || (text[at] == '_' && at + 1 < text.Length && isDigit(text[at + 1]))))
        {
            at += text[at] == '_' ? 2 : 1;
        }

        return at;
    }

    private static bool IsAt(string text, int at, char character) => at < text.Length && text[at] == character;
}
