using System.Globalization;
using System.Numerics;
using System.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Text;

/// <summary>Python's <c>int(…)</c> and <c>float(…)</c>.</summary>
internal static class Conversion
{
    private const int MostDigits = 4300;

    private const string Spaces = " \t\n\r\v\f\x1C\x1D\x1E\x1F\x85\xA0\u1680\u2000\u2001\u2002\u2003\u2004\u2005" +
        "\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000";

    /// <summary>Python's <c>int(number)</c>.</summary>
    /// <exception cref="JinjaValueException">It is infinite or no number.</exception>
    public static BigInteger Truncate(double number)
    {
        if (double.IsNaN(number))
        {
            throw JinjaValueException.ValueError("cannot convert float NaN to integer");
        }

        return double.IsInfinity(number)
            ? throw JinjaValueException.OverflowError("cannot convert float infinity to integer")
            : new BigInteger(Math.Truncate(number));
    }

    /// <summary>Python's <c>float(text)</c>.</summary>
    public static bool TryReadFloat(string text, out double number)
    {
        var cleaned = Normalize(text);
        number = 0;
        if (cleaned is null)
        {
            return false;
        }

        var unsigned = cleaned.AsSpan(cleaned is ['+' or '-', ..] ? 1 : 0);
        var isNegative = cleaned is ['-', ..];
        if (unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase) ||
            unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            number = isNegative ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        if (unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            number = double.NaN;
            return true;
        }

        const NumberStyles styles =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return unsigned.Length > 0 && (char.IsAsciiDigit(unsigned[0]) || unsigned[0] == '.') &&
            double.TryParse(cleaned, styles, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Python's <c>int(text, radix)</c>; radix 0 goes by the prefix.</summary>
    public static bool TryReadInteger(string text, int radix, out BigInteger number)
    {
        number = default;
        if (radix is not (0 or >= 2 and <= 36))
        {
            throw JinjaValueException.ValueError("int() base must be >= 2 and <= 36, or 0");
        }

        // The prefix may be followed by a group sign, so it goes before the groups are looked at.
        var trimmed = text.AsSpan().Trim(Spaces);
        var isNegative = trimmed is ['-', ..];
        var rest = trimmed is ['+' or '-', ..] ? trimmed[1..] : trimmed;
        if (rest.Length > 1 && rest[0] == '0')
        {
            var prefixed = char.ToLowerInvariant(rest[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 };
            if (prefixed != 0 && (radix == prefixed || radix == 0))
            {
                radix = prefixed;
                rest = rest is [_, _, '_', ..] ? rest[3..] : rest[2..];
            }
            else if (radix == 0 && rest.ContainsAnyExcept("0_"))
            {
                return false;
            }
        }

        var digits = Normalize(rest.ToString(), anyLetter: true);
        if (string.IsNullOrEmpty(digits) || digits.Length != rest.Length - rest.Count('_'))
        {
            return false;
        }

        return TryReadDigits(digits, radix == 0 ? 10 : radix, isNegative, out number);
    }

    private static bool TryReadDigits(string digits, int radix, bool isNegative, out BigInteger number)
    {
        number = default;
        if (digits.Length > MostDigits)
        {
            throw JinjaValueException.ValueError(
                $"Exceeds the limit ({MostDigits} digits) for integer string conversion: " +
                $"value has {digits.Length} digits");
        }

        foreach (var c in digits)
        {
            var digit = char.IsAsciiDigit(c) ? c - '0'
                : char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' + 10
                : radix;
            if (digit >= radix)
            {
                return false;
            }

            number = (number * radix) + digit;
        }

        number = isNegative ? -number : number;
        return true;
    }

    // Without white space around, digits of any script as ASCII, without the signs that group digits; null when those
    // stand where Python does not take them.
    private static string? Normalize(string text, bool anyLetter = false)
    {
        var trimmed = text.AsSpan().Trim(Spaces);
        var result = new StringBuilder(trimmed.Length);
        for (var i = 0; i < trimmed.Length; i += CodePoints.LengthAt(trimmed, i))
        {
            var c = CodePoints.At(trimmed, i);
            if (c == '_')
            {
                if (i == 0 || i + 1 == trimmed.Length || !IsPart(trimmed[i - 1]) || !IsPart(trimmed[i + 1]))
                {
                    return null;
                }

                continue;
            }

            var digit = c < 0x80 ? -1 : UnicodeClasses.DecimalValue(c);
            if (digit < 0 && c >= 0x80)
            {
                return null;
            }

            result.Append(digit < 0 ? (char)c : (char)('0' + digit));
        }

        return result.ToString();

        bool IsPart(char c) => char.IsAsciiDigit(c) || (anyLetter && char.IsAsciiLetter(c));
    }
}
