using System.Globalization;
using System.Numerics;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Text;

/// <summary>A number in one of the notations of printf, without its sign.</summary>
internal static class NumberText
{
    // More digits than any float has; what follows are zeros.
    private const int MostDecimals = 2000;

    /// <summary>A float as <c>e</c>, <c>f</c> or <c>g</c> (or their capitals).</summary>
    public static string Float(double value, char type, int precision, bool keepsPoint)
    {
        value = Math.Abs(value);
        if (!double.IsFinite(value))
        {
            var name = double.IsNaN(value) ? "nan" : "inf";
            return char.IsAsciiLetterUpper(type) ? name.ToUpperInvariant() : name;
        }

        if (precision > MostDecimals)
        {
            throw JinjaValueException.ValueError("precision too big");
        }

        var text = char.ToLowerInvariant(type) switch
        {
            'f' => FloatDigits.Fixed(value, precision) + (keepsPoint && precision == 0 ? "." : string.Empty),
            'e' => Scientific(FloatDigits.Significant(value, precision + 1), keepsPoint),
            _ => General(value, Math.Max(precision, 1), keepsPoint, addsZero: false),
        };
        return char.IsAsciiLetterUpper(type) ? text.ToUpperInvariant() : text;
    }

    /// <summary>The notation of few digits: plain where the exponent is small. Python's <c>g</c>.</summary>
    /// <param name="value">A finite number that is not negative.</param>
    /// <param name="precision">How many digits at most.</param>
    /// <param name="keepsZeros">Whether zeros at the end stay.</param>
    /// <param name="addsZero">Whether a whole number gets <c>.0</c>, as a format without a type does.</param>
    public static string General(double value, int precision, bool keepsZeros, bool addsZero)
    {
        if (precision > MostDecimals)
        {
            throw JinjaValueException.ValueError("precision too big");
        }

        var (digits, exponent) = FloatDigits.Significant(value, precision);
        if (exponent < -4 || exponent >= precision - (addsZero ? 1 : 0))
        {
            return Scientific((keepsZeros ? digits : Trimmed(digits), exponent), keepsPoint: keepsZeros);
        }

        var text = FloatDigits.Fixed(value, precision - 1 - exponent);
        if (keepsZeros)
        {
            return text.Contains('.') ? text : text + ".";
        }

        text = text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
        return addsZero && !text.Contains('.') ? text + ".0" : text;
    }

    /// <summary>A whole number as <c>d</c>, <c>b</c>, <c>o</c> or <c>x</c>, without sign and prefix.</summary>
    public static string Integer(BigInteger value, char type)
    {
        value = BigInteger.Abs(value);
        switch (type)
        {
            case 'x' or 'X':
                var hex = value.ToString(type == 'x' ? "x" : "X", CultureInfo.InvariantCulture).TrimStart('0');
                return hex.Length == 0 ? "0" : hex;
            case 'b':
                var bits = value.ToString("b", CultureInfo.InvariantCulture).TrimStart('0');
                return bits.Length == 0 ? "0" : bits;
            case 'o':
                return Octal(value);
            default:
                return PythonText.Digits(value);
        }
    }

    private static string Octal(BigInteger value)
    {
        if (value.IsZero)
        {
            return "0";
        }

        var digits = new List<char>();
        for (; !value.IsZero; value >>= 3)
        {
            digits.Add((char)('0' + (int)(value & 7)));
        }

        digits.Reverse();
        return new string([.. digits]);
    }

    private static string Scientific((string Digits, int Exponent) number, bool keepsPoint)
    {
        var (digits, exponent) = number;
        var sign = exponent < 0 ? '-' : '+';
        var point = digits.Length > 1 || keepsPoint ? "." : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture, $"{digits[0]}{point}{digits.AsSpan(1)}e{sign}{Math.Abs(exponent):00}");
    }

    private static string Trimmed(string digits)
    {
        var trimmed = digits.TrimEnd('0');
        return trimmed.Length == 0 ? "0" : trimmed;
    }
}
