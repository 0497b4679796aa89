using System.Numerics;

namespace AiRouter.Prompting.Jinja.Values;

/// <summary>Python's arithmetic on numbers: whole numbers of any size, floats, and the mix of both.</summary>
internal static class Numbers
{
    // Python has no limit; nothing that a prompt needs comes near this one.
    private const long MostBits = 1 << 16;

    public static JinjaValue Add(in JinjaValue left, in JinjaValue right)
    {
        if (left.IsSmallInteger && right.IsSmallInteger)
        {
            var sum = unchecked(left.AsInt64 + right.AsInt64);
            return ((left.AsInt64 ^ sum) & (right.AsInt64 ^ sum)) < 0
                ? JinjaValue.From((BigInteger)left.AsInt64 + right.AsInt64)
                : JinjaValue.From(sum);
        }

        return AreIntegers(left, right)
            ? Checked(left.AsBigInteger + right.AsBigInteger)
            : JinjaValue.From(ToDouble(left) + ToDouble(right));
    }

    public static JinjaValue Subtract(in JinjaValue left, in JinjaValue right)
    {
        if (left.IsSmallInteger && right.IsSmallInteger)
        {
            var difference = unchecked(left.AsInt64 - right.AsInt64);
            return ((left.AsInt64 ^ right.AsInt64) & (left.AsInt64 ^ difference)) < 0
                ? JinjaValue.From((BigInteger)left.AsInt64 - right.AsInt64)
                : JinjaValue.From(difference);
        }

        return AreIntegers(left, right)
            ? Checked(left.AsBigInteger - right.AsBigInteger)
            : JinjaValue.From(ToDouble(left) - ToDouble(right));
    }

    public static JinjaValue Multiply(in JinjaValue left, in JinjaValue right, JinjaRun run)
    {
        if (left.IsSmallInteger && right.IsSmallInteger)
        {
            var product = (Int128)left.AsInt64 * right.AsInt64;
            return product >= long.MinValue && product <= long.MaxValue
                ? JinjaValue.From((long)product)
                : JinjaValue.From((BigInteger)product);
        }

        if (AreIntegers(left, right))
        {
            run.Spend(1 + (Bits(left) * Bits(right) / 4096));
            return Checked(left.AsBigInteger * right.AsBigInteger);
        }

        return JinjaValue.From(ToDouble(left) * ToDouble(right));
    }

    public static JinjaValue Divide(in JinjaValue left, in JinjaValue right)
    {
        if (!AreIntegers(left, right))
        {
            var divisor = ToDouble(right);
            return divisor == 0
                ? throw JinjaValueException.ZeroDivision("float division by zero")
                : JinjaValue.From(ToDouble(left) / divisor);
        }

        if (!right.IsTrue)
        {
            throw JinjaValueException.ZeroDivision("division by zero");
        }

        const long exact = 1L << 53;
        if (left.IsSmallInteger && right.IsSmallInteger &&
            left.AsInt64 is >= -exact and <= exact && right.AsInt64 is >= -exact and <= exact)
        {
            return JinjaValue.From((double)left.AsInt64 / right.AsInt64);
        }

        return JinjaValue.From(Quotient(left.AsBigInteger, right.AsBigInteger));
    }

    public static JinjaValue FloorDivide(in JinjaValue left, in JinjaValue right)
    {
        if (!AreIntegers(left, right))
        {
            var divisor = ToDouble(right);
            return divisor == 0
                ? throw JinjaValueException.ZeroDivision("float floor division by zero")
                : JinjaValue.From(FloatDivMod(ToDouble(left), divisor).Quotient);
        }

        if (!right.IsTrue)
        {
            throw JinjaValueException.ZeroDivision("integer division or modulo by zero");
        }

        if (left.IsSmallInteger && right.IsSmallInteger && left.AsInt64 != long.MinValue)
        {
            var (quotient, remainder) = Math.DivRem(left.AsInt64, right.AsInt64);
            return JinjaValue.From(remainder != 0 && (remainder < 0) != (right.AsInt64 < 0) ? quotient - 1 : quotient);
        }

        var divided = BigInteger.DivRem(left.AsBigInteger, right.AsBigInteger, out var rest);
        var isAbove = rest.Sign != 0 && (rest.Sign < 0) != (right.AsBigInteger.Sign < 0);
        return JinjaValue.From(isAbove ? divided - 1 : divided);
    }

    public static JinjaValue Modulo(in JinjaValue left, in JinjaValue right)
    {
        if (!AreIntegers(left, right))
        {
            var divisor = ToDouble(right);
            return divisor == 0
                ? throw JinjaValueException.ZeroDivision("float modulo")
                : JinjaValue.From(FloatDivMod(ToDouble(left), divisor).Remainder);
        }

        if (!right.IsTrue)
        {
            throw JinjaValueException.ZeroDivision("integer modulo by zero");
        }

        if (left.IsSmallInteger && right.IsSmallInteger && left.AsInt64 != long.MinValue)
        {
            var remainder = left.AsInt64 % right.AsInt64;
            return JinjaValue.From(remainder != 0 && (remainder < 0) != (right.AsInt64 < 0)
                ? remainder + right.AsInt64
                : remainder);
        }

        var rest = BigInteger.Remainder(left.AsBigInteger, right.AsBigInteger);
        return JinjaValue.From(rest.Sign != 0 && (rest.Sign < 0) != (right.AsBigInteger.Sign < 0)
            ? rest + right.AsBigInteger
            : rest);
    }

    public static JinjaValue Power(in JinjaValue left, in JinjaValue right, JinjaRun run)
    {
        if (!AreIntegers(left, right) || right.AsBigInteger.Sign < 0)
        {
            return JinjaValue.From(Power(ToDouble(left), ToDouble(right)));
        }

        var @base = left.AsBigInteger;
        if (@base.IsZero || @base.IsOne)
        {
            return right.IsTrue ? JinjaValue.From(@base) : JinjaValue.From(1);
        }

        if (!right.IsSmallInteger || Bits(left) * (double)right.AsInt64 > MostBits)
        {
            return @base == BigInteger.MinusOne
                ? JinjaValue.From(right.AsBigInteger.IsEven ? 1 : -1)
                : throw JinjaValueException.OverflowError("the number is too large");
        }

        run.Spend(1 + (Bits(left) * right.AsInt64 / 64));
        return Checked(BigInteger.Pow(@base, (int)right.AsInt64));
    }

    /// <summary>Python's <c>float(number)</c>.</summary>
    public static double ToDouble(in JinjaValue number)
    {
        if (number.Kind == JinjaKind.Float)
        {
            return number.AsDouble;
        }

        if (number.IsSmallInteger)
        {
            return number.AsInt64;
        }

        var value = Quotient(number.AsBigInteger, BigInteger.One, "int too large to convert to float");
        return value;
    }

    private static double Power(double value, double exponent)
    {
        if (value == 0 && exponent < 0)
        {
            throw JinjaValueException.ZeroDivision("0.0 cannot be raised to a negative power");
        }

        if (double.IsFinite(value) && value < 0 && double.IsFinite(exponent) && Math.Floor(exponent) != exponent)
        {
            throw JinjaValueException.ValueError("a negative number has no power that is not whole");
        }

        // Python: 1 ** NaN and (-1) ** infinity are 1, as in C99; .NET says so too.
        var result = Math.Pow(value, exponent);
        return double.IsInfinity(result) && double.IsFinite(value) && double.IsFinite(exponent)
            ? throw JinjaValueException.OverflowError("(34, 'Numerical result out of range')")
            : result;
    }

    // As CPython's float_divmod: the quotient is the floor even where the division rounds up.
    private static (double Quotient, double Remainder) FloatDivMod(double value, double divisor)
    {
        var remainder = value % divisor;
        var quotient = (value - remainder) / divisor;
        if (remainder != 0)
        {
            if ((divisor < 0) != (remainder < 0))
            {
                remainder += divisor;
                quotient -= 1;
            }
        }
        else
        {
            remainder = Math.CopySign(0, divisor);
        }

        if (quotient == 0)
        {
            return (Math.CopySign(0, value / divisor), remainder);
        }

        var floor = Math.Floor(quotient);
        return (quotient - floor > 0.5 ? floor + 1 : floor, remainder);
    }

    // The nearest float, ties to even, which a division of two rounded floats would miss.
    private static double Quotient(
        BigInteger value, BigInteger divisor, string tooLarge = "integer division result too large for a float")
    {
        var isNegative = (value.Sign < 0) != (divisor.Sign < 0);
        (value, divisor) = (BigInteger.Abs(value), BigInteger.Abs(divisor));
        var shift = 66 - (int)(value.GetBitLength() - divisor.GetBitLength());

        // Below 2^-1074 there are no bits to keep.
        shift = Math.Min(shift, 1076);
        var scaled = shift >= 0 ? (value << shift) / divisor : value / (divisor << -shift);
        var isInexact = (shift >= 0 ? scaled * divisor != value << shift : scaled * (divisor << -shift) != value);
        var dropped = (int)Math.Max(scaled.GetBitLength() - 53, shift - 1074);
        if (dropped > 0)
        {
            var half = BigInteger.One << (dropped - 1);
            var rest = scaled & ((BigInteger.One << dropped) - 1);
            scaled >>= dropped;
            if (rest > half || (rest == half && (isInexact || !scaled.IsEven)))
            {
                scaled += 1;
            }
        }
        else
        {
            dropped = 0;
        }

        var result = Math.ScaleB((double)scaled, dropped - shift);
        if (double.IsInfinity(result))
        {
            throw JinjaValueException.OverflowError(tooLarge);
        }

        return isNegative ? -result : result;
    }

    private static bool AreIntegers(in JinjaValue left, in JinjaValue right) => left.IsInteger && right.IsInteger;

    private static long Bits(in JinjaValue number) => number.AsBigInteger.GetBitLength();

    private static JinjaValue Checked(BigInteger number) => number.GetBitLength() > MostBits
        ? throw JinjaValueException.OverflowError("the number is too large")
        : JinjaValue.From(number);
}
