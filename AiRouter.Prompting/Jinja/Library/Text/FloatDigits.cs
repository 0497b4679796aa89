using System.Globalization;
using System.Numerics;

namespace AiRouter.Prompting.Jinja.Library.Text;

/// <summary>
/// Digits of a float to a given place, rounded from its exact value, ties to even: what C's printf and Python do. (.NET
/// rounds ties away from zero.)
/// </summary>
internal static class FloatDigits
{
    /// <summary><paramref name="decimals"/> places after the point, of a finite number that is not negative.</summary>
    public static string Fixed(double value, int decimals)
    {
        var digits = Scaled(value, decimals).ToString(CultureInfo.InvariantCulture);
        if (decimals <= 0)
        {
            return digits + new string('0', digits == "0" ? 0 : -decimals);
        }

        digits = digits.PadLeft(decimals + 1, '0');
        return $"{digits.AsSpan(0, digits.Length - decimals)}.{digits.AsSpan(digits.Length - decimals)}";
    }

    /// <summary><paramref name="count"/> digits, and the power of ten of the first one.</summary>
    public static (string Digits, int Exponent) Significant(double value, int count)
    {
        if (value == 0)
        {
            return (new string('0', count), 0);
        }

        var exponent = (int)Math.Floor(Math.Log10(value));
        while (true)
        {
            var digits = Scaled(value, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
            if (digits.Length == count)
            {
                return (digits, exponent);
            }

            // The logarithm was off by one, or the rounding made one digit more.
            exponent += digits.Length > count ? 1 : -1;
        }
    }

    // value * 10^power, rounded.
    private static BigInteger Scaled(double value, int power)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = bits & 0xF_FFFF_FFFF_FFFF;
        mantissa = exponent == 0 ? mantissa : mantissa | (1L << 52);
        exponent = Math.Max(exponent, 1) - 1075;

        BigInteger numerator = mantissa;
        var divisor = BigInteger.One;
        if (exponent >= 0)
        {
            numerator <<= exponent;
        }
        else
        {
            divisor <<= -exponent;
        }

        if (power >= 0)
        {
            numerator *= BigInteger.Pow(10, power);
        }
        else
        {
            divisor *= BigInteger.Pow(10, -power);
        }

        var quotient = BigInteger.DivRem(numerator, divisor, out var rest);
        var order = (rest << 1).CompareTo(divisor);
        return order > 0 || (order == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
