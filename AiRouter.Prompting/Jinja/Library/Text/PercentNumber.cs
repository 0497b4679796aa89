using System.Numerics;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Text;

/// <summary>The numbers of <see cref="PercentFormat"/>.</summary>
internal static class PercentNumber
{
    /// <summary><c>%e</c>, <c>%f</c> and <c>%g</c>; the sign comes apart.</summary>
    public static string Float(in JinjaValue value, char type, int? precision, bool isAlternate, ref string sign)
    {
        if (!value.IsNumber)
        {
            throw value.IsUndefined
                ? value.UndefinedError()
                : JinjaValueException.TypeError($"must be real number, not {PythonTypes.NameOf(value)}");
        }

        var number = Numbers.ToDouble(value);
        sign = double.IsNegative(number) && !double.IsNaN(number) ? "-" : sign;
        return NumberText.Float(number, type, precision ?? 6, isAlternate);
    }

    /// <summary>
    /// <c>%d</c>, <c>%x</c> and <c>%o</c>; the sign, and the prefix that <c>#</c> asks for, come apart.
    /// </summary>
    public static string Integer(
        in JinjaValue value, char type, int? precision, bool isAlternate, ref string sign, JinjaRun run)
    {
        BigInteger number;
        if (value.IsInteger)
        {
            number = value.AsBigInteger;
        }
        else if (value.Kind == JinjaKind.Float && type is ('d' or 'i' or 'u'))
        {
            number = Conversion.Truncate(value.AsDouble);
        }
        else if (value.IsUndefined && type is ('d' or 'i' or 'u'))
        {
            throw value.UndefinedError();
        }
        else
        {
            throw JinjaValueException.TypeError(
                type is 'd' or 'i' or 'u'
                    ? $"%{type} format: a real number is required, not {PythonTypes.NameOf(value)}"
                    : $"%{type} format: an integer is required, not {PythonTypes.NameOf(value)}");
        }

        sign = number.Sign < 0 ? "-" : sign;
        sign = isAlternate && type is ('x' or 'X' or 'o') ? $"{sign}0{type}" : sign;
        var digits = NumberText.Integer(number, type is 'i' or 'u' ? 'd' : type);
        if (precision > digits.Length)
        {
            run.Reserve(precision.Value);
            digits = digits.PadLeft(precision.Value, '0');
        }

        return digits;
    }

    /// <summary><c>%c</c>.</summary>
    public static string Character(in JinjaValue value)
    {
        if (value.TryGetString(out var text) && CodePoints.Count(text) == 1)
        {
            return text;
        }

        if (!value.IsInteger)
        {
            throw JinjaValueException.TypeError("%c requires int or char");
        }

        return value.TryGetInt64(out var code) && code is >= 0 and <= 0x10FFFF
            ? code <= char.MaxValue ? ((char)code).ToString() : char.ConvertFromUtf32((int)code)
            : throw JinjaValueException.OverflowError("%c arg not in range(0x110000)");
    }
}
