using System.Globalization;
using System.Numerics;
using AiRouter.Prompting.Jinja.Library.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Filters;

/// <summary>Filters about numbers.</summary>
internal static class NumberFilters
{
    private static readonly string[] IntParameters = ["default", "base"];

    private static readonly string[] RoundParameters = ["precision", "method"];

    private static readonly string[] Units = ["k", "M", "G", "T", "P", "E", "Z", "Y"];

    public static JinjaValue Abs(in JinjaValue value, in JinjaCall call)
    {
        TextFilters.RequireNone(call, "abs");
        if (value.Kind == JinjaKind.Float)
        {
            return JinjaValue.From(Math.Abs(value.AsDouble));
        }

        if (!value.IsInteger)
        {
            throw JinjaValueException.TypeError($"bad operand type for abs(): '{PythonTypes.NameOf(value)}'");
        }

        return value.AsBigInteger.Sign < 0 ? Arithmetic.Negate(value) : Arithmetic.Plus(value);
    }

    public static JinjaValue Int(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "int", IntParameters);
        var otherwise = arguments.TryGet(0, out var given) ? given : JinjaValue.From(0);
        switch (value.Kind)
        {
            case JinjaKind.Integer or JinjaKind.Boolean:
                return Arithmetic.Plus(value);
            case JinjaKind.Float:
                return double.IsNaN(value.AsDouble) ? otherwise : JinjaValue.From(Conversion.Truncate(value.AsDouble));
            case JinjaKind.Undefined:
                throw value.UndefinedError();
            case JinjaKind.String:
                return Read(value.AsString, (int)Math.Clamp(arguments.Integer(1, 10), -1, 99), otherwise);
            default:
                return otherwise;
        }
    }

    public static JinjaValue Float(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "float", ["default"]);
        if (value.IsNumber)
        {
            return JinjaValue.From(Numbers.ToDouble(value));
        }

        if (value.IsUndefined)
        {
            throw value.UndefinedError();
        }

        return value.TryGetString(out var text) && Conversion.TryReadFloat(text, out var number)
            ? JinjaValue.From(number)
            : arguments.TryGet(0, out var given) ? given : JinjaValue.From(0.0);
    }

    public static JinjaValue Round(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "round", RoundParameters);
        var precision = arguments.TryGet(0, out var given) ? given : JinjaValue.From(0);
        var method = arguments.TryGet(1, out var named) ? named : JinjaValue.From("common");
        if (!method.TryGetString(out var name) || name is not ("common" or "ceil" or "floor"))
        {
            throw JinjaValueException.Argument("method must be common, ceil or floor");
        }

        if (name == "common")
        {
            return Round(value, precision);
        }

        var scale = Arithmetic.Power(JinjaValue.From(10), precision, call.Run);
        var scaled = Arithmetic.Multiply(value, scale, call.Run);
        if (!scaled.IsNumber)
        {
            throw JinjaValueException.TypeError($"must be real number, not {PythonTypes.NameOf(scaled)}");
        }

        if (scaled.Kind == JinjaKind.Float)
        {
            var number = scaled.AsDouble;
            scaled = JinjaValue.From(Conversion.Truncate(name == "ceil" ? Math.Ceiling(number) : Math.Floor(number)));
        }

        return Arithmetic.Divide(scaled, scale);
    }

    public static JinjaValue FileSize(in JinjaValue value, in JinjaCall call)
    {
        var isBinary = new CallArguments(call, "filesizeformat", ["binary"]).IsTrue(0);
        double bytes;
        if (value.TryGetString(out var text))
        {
            bytes = Conversion.TryReadFloat(text, out var read)
                ? read
                : throw JinjaValueException.ValueError($"could not convert string to float: {PythonText.Repr(text)}");
        }
        else if (value.IsNumber)
        {
            bytes = Numbers.ToDouble(value);
        }
        else
        {
            throw value.IsUndefined
                ? value.UndefinedError()
                : JinjaValueException.TypeError(
                    $"float() argument must be a string or a real number, not '{PythonTypes.NameOf(value)}'");
        }

        var step = isBinary ? 1024.0 : 1000.0;
        if (bytes == 1)
        {
            return JinjaValue.From("1 Byte");
        }

        if (bytes < step)
        {
            return JinjaValue.From($"{Conversion.Truncate(bytes)} Bytes");
        }

        var unit = step;
        for (var i = 0; ; i++)
        {
            unit *= step;
            if (bytes < unit || i == Units.Length - 1)
            {
                var name = isBinary ? Units[i].ToUpperInvariant() + "iB" : Units[i] + "B";
                return JinjaValue.From($"{NumberText.Float(step * bytes / unit, 'f', 1, false)} {name}");
            }
        }
    }

    private static JinjaValue Read(string text, int radix, in JinjaValue otherwise)
    {
        try
        {
            if (Conversion.TryReadInteger(text, radix, out var number))
            {
                return JinjaValue.From(number);
            }
        }
        catch (JinjaValueException exception) when (exception.Type == "ValueError")
        {
            // Too many digits, or no such base: Jinja2 tries a float next.
        }

        // "42.9" is 42.
        return Conversion.TryReadFloat(text, out var @float) && double.IsFinite(@float)
            ? JinjaValue.From(Conversion.Truncate(@float))
            : otherwise;
    }

    private static JinjaValue Round(in JinjaValue value, in JinjaValue precision)
    {
        if (!value.IsNumber)
        {
            throw JinjaValueException.TypeError(
                $"type {PythonTypes.NameOf(value)} doesn't define __round__ method");
        }

        if (precision.IsNone)
        {
            return value.Kind == JinjaKind.Float
                ? JinjaValue.From(Conversion.Truncate(Math.Round(value.AsDouble, MidpointRounding.ToEven)))
                : Arithmetic.Plus(value);
        }

        var places = CallArguments.ToInteger(precision);
        if (value.Kind == JinjaKind.Float)
        {
            return JinjaValue.From(Round(value.AsDouble, places));
        }

        return places >= 0 ? Arithmetic.Plus(value) : JinjaValue.From(Round(value.AsBigInteger, -places));
    }

    private static double Round(double value, long places)
    {
        const int most = 400;
        if (!double.IsFinite(value) || places > most)
        {
            return value;
        }

        if (places < -most)
        {
            return Math.CopySign(0, value);
        }

        // As Python does: to decimal digits, from the exact value, and back.
        var digits = FloatDigits.Fixed(Math.Abs(value), (int)places);
        var rounded = Math.CopySign(double.Parse(digits, CultureInfo.InvariantCulture), value);
        return double.IsInfinity(rounded)
            ? throw JinjaValueException.OverflowError("rounded value too large to represent")
            : rounded;
    }

    private static BigInteger Round(BigInteger value, long places)
    {
        if (places > 10_000)
        {
            return BigInteger.Zero;
        }

        var unit = BigInteger.Pow(10, (int)places);
        var quotient = BigInteger.DivRem(BigInteger.Abs(value), unit, out var rest);
        var order = (rest * 2).CompareTo(unit);
        quotient += order > 0 || (order == 0 && !quotient.IsEven) ? 1 : 0;
        return quotient * unit * value.Sign;
    }
}
