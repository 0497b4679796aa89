using System.Numerics;
using AiRouter.Prompting.Jinja.Library.Text;

namespace AiRouter.Prompting.Jinja.Values;

/// <summary>Python's <c>+ - * / // % **</c> and its signs.</summary>
internal static class Arithmetic
{
    /// <summary><c>left + right</c>.</summary>
    public static JinjaValue Add(in JinjaValue left, in JinjaValue right, JinjaRun run)
    {
        if (left.IsString && right.IsString)
        {
            return Strings(left, right, run);
        }

        if (left.IsNumber && right.IsNumber)
        {
            return Numbers.Add(left, right);
        }

        RequireDefined(left, right);
        if (left.IsSequence && left.Kind == right.Kind)
        {
            return Sequences(left, right, run);
        }

        throw JinjaValueException.TypeError(
            left.IsString || left.IsSequence
                ? $"can only concatenate {PythonTypes.NameOf(left)} (not \"{PythonTypes.NameOf(right)}\") to " +
                  PythonTypes.NameOf(left)
                : Unsupported("+", left, right));
    }

    /// <summary><c>left - right</c>.</summary>
    public static JinjaValue Subtract(in JinjaValue left, in JinjaValue right)
    {
        RequireNumbers("-", left, right);
        return Numbers.Subtract(left, right);
    }

    /// <summary><c>left * right</c>.</summary>
    public static JinjaValue Multiply(in JinjaValue left, in JinjaValue right, JinjaRun run)
    {
        if (left.IsNumber && right.IsNumber)
        {
            return Numbers.Multiply(left, right, run);
        }

        RequireDefined(left, right);
        if (IsRepeatable(left))
        {
            return Repeat(left, right, run);
        }

        return IsRepeatable(right)
            ? Repeat(right, left, run)
            : throw JinjaValueException.TypeError(Unsupported("*", left, right));
    }

    /// <summary><c>left / right</c>.</summary>
    public static JinjaValue Divide(in JinjaValue left, in JinjaValue right)
    {
        RequireNumbers("/", left, right);
        return Numbers.Divide(left, right);
    }

    /// <summary><c>left // right</c>.</summary>
    public static JinjaValue FloorDivide(in JinjaValue left, in JinjaValue right)
    {
        RequireNumbers("//", left, right);
        return Numbers.FloorDivide(left, right);
    }

    /// <summary><c>left % right</c>: the remainder, or text formatting.</summary>
    public static JinjaValue Modulo(in JinjaValue left, in JinjaValue right, JinjaRun run)
    {
        if (left.IsString)
        {
            return PercentFormat.Apply(left, right, run);
        }

        RequireNumbers("%", left, right);
        return Numbers.Modulo(left, right);
    }

    /// <summary><c>left ** right</c>.</summary>
    public static JinjaValue Power(in JinjaValue left, in JinjaValue right, JinjaRun run)
    {
        RequireNumbers("** or pow()", left, right);
        return Numbers.Power(left, right, run);
    }

    /// <summary><c>-value</c>.</summary>
    public static JinjaValue Negate(in JinjaValue value)
    {
        RequireNumber("-", value);
        if (value.Kind == JinjaKind.Float)
        {
            return JinjaValue.From(-value.AsDouble);
        }

        return value.IsSmallInteger && value.AsInt64 != long.MinValue
            ? JinjaValue.From(-value.AsInt64)
            : JinjaValue.From(-value.AsBigInteger);
    }

    /// <summary><c>+value</c>.</summary>
    public static JinjaValue Plus(in JinjaValue value)
    {
        RequireNumber("+", value);
        return value.Kind == JinjaKind.Boolean ? JinjaValue.From(value.AsInt64) : value;
    }

    private static JinjaValue Strings(in JinjaValue left, in JinjaValue right, JinjaRun run)
    {
        if (left.IsMarkup || right.IsMarkup)
        {
            return JinjaValue.Markup(string.Concat(Html.Escape(left, run), Html.Escape(right, run)));
        }

        run.Reserve(left.AsString.Length + (long)right.AsString.Length);
        return JinjaValue.From(string.Concat(left.AsString, right.AsString));
    }

    private static JinjaValue Sequences(in JinjaValue left, in JinjaValue right, JinjaRun run)
    {
        var (first, second) = (left.AsItems, right.AsItems);
        run.Reserve(first.Length + (long)second.Length);
        JinjaValue[] items = [.. first, .. second];
        return left.Kind == JinjaKind.List ? JinjaValue.List(items) : JinjaValue.Tuple(items);
    }

    private static bool IsRepeatable(in JinjaValue value) => value.IsString || value.IsSequence;

    private static JinjaValue Repeat(in JinjaValue value, in JinjaValue times, JinjaRun run)
    {
        if (!times.IsInteger)
        {
            throw JinjaValueException.TypeError(
                $"can't multiply sequence by non-int of type '{PythonTypes.NameOf(times)}'");
        }

        if (!times.IsSmallInteger)
        {
            throw JinjaValueException.OverflowError("cannot fit 'int' into an index-sized integer");
        }

        var size = value.IsString ? value.AsString.Length : value.AsItems.Length;
        var count = Math.Max(0, times.AsInt64);
        if (size == 0 || count == 0)
        {
            return Empty(value);
        }

        var total = (BigInteger)size * count;
        run.Reserve(total > long.MaxValue ? long.MaxValue : (long)total);
        if (total > Array.MaxLength)
        {
            throw new JinjaValueException("MemoryError", "the result is too long");
        }

        if (value.IsString)
        {
            var text = string.Create((int)total, value.AsString, static (span, part) =>
            {
                for (var i = 0; i < span.Length; i += part.Length)
                {
                    part.CopyTo(span[i..]);
                }
            });
            return value.IsMarkup ? JinjaValue.Markup(text) : JinjaValue.From(text);
        }

        var items = new JinjaValue[(int)total];
        for (var i = 0; i < items.Length; i += size)
        {
            value.AsItems.CopyTo(items, i);
        }

        return value.Kind == JinjaKind.List ? JinjaValue.List(items) : JinjaValue.Tuple(items);
    }

    private static JinjaValue Empty(in JinjaValue value) => value.Kind switch
    {
        JinjaKind.String => value.IsMarkup ? JinjaValue.Markup(string.Empty) : JinjaValue.EmptyString,
        JinjaKind.List => JinjaValue.EmptyList,
        _ => JinjaValue.Tuple(),
    };

    private static void RequireDefined(in JinjaValue left, in JinjaValue right)
    {
        if (left.IsUndefined || right.IsUndefined)
        {
            throw (left.IsUndefined ? left : right).UndefinedError();
        }
    }

    private static void RequireNumbers(string sign, in JinjaValue left, in JinjaValue right)
    {
        if (!left.IsNumber || !right.IsNumber)
        {
            RequireDefined(left, right);
            throw JinjaValueException.TypeError(Unsupported(sign, left, right));
        }
    }

    private static void RequireNumber(string sign, in JinjaValue value)
    {
        if (!value.IsNumber)
        {
            throw value.IsUndefined
                ? value.UndefinedError()
                : JinjaValueException.TypeError($"bad operand type for unary {sign}: '{PythonTypes.NameOf(value)}'");
        }
    }

    private static string Unsupported(string sign, in JinjaValue left, in JinjaValue right) =>
        $"unsupported operand type(s) for {sign}: '{PythonTypes.NameOf(left)}' and '{PythonTypes.NameOf(right)}'";
}
