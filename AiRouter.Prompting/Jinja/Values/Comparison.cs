using System.Numerics;
using System.Runtime.CompilerServices;

namespace AiRouter.Prompting.Jinja.Values;

/// <summary>Python's comparisons: <c>==</c>, <c>&lt;</c> and its relatives, and hashes that agree with them.</summary>
internal static class Comparison
{
    // Two small values can share parts so often that a full comparison never ends; Python's would not end either.
    private const long MostVisits = 20_000_000;

    private const int VisitsPerCharge = 1024;

    /// <summary>Python's <c>==</c>. Work on long values is charged to <paramref name="run"/>.</summary>
    public static bool AreEqual(in JinjaValue left, in JinjaValue right, JinjaRun? run)
    {
        if (left.Kind == JinjaKind.String)
        {
            Iteration.SpendOn(left, run);
            return right.Kind == JinjaKind.String && left.AsString == right.AsString;
        }

        long visits = 0;
        return AreEqual(left, right, run, ref visits);
    }

    /// <summary>Python's <c>&lt;</c>.</summary>
    public static bool IsLess(in JinjaValue left, in JinjaValue right, JinjaRun? run) =>
        Order(left, right, "<", run) < 0;

    /// <summary>Python's <c>&lt;=</c>.</summary>
    public static bool IsLessOrEqual(in JinjaValue left, in JinjaValue right, JinjaRun? run) =>
        Order(left, right, "<=", run) <= 0;

    /// <summary>Python's <c>&gt;</c>.</summary>
    public static bool IsGreater(in JinjaValue left, in JinjaValue right, JinjaRun? run) =>
        Order(left, right, ">", run) is > 0 and not Unordered;

    /// <summary>Python's <c>&gt;=</c>.</summary>
    public static bool IsGreaterOrEqual(in JinjaValue left, in JinjaValue right, JinjaRun? run) =>
        Order(left, right, ">=", run) is >= 0 and not Unordered;

    /// <summary>Compares texts by code points, as Python does (UTF-16 units have another order).</summary>
    public static int CompareStrings(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        return Rank(left[common]).CompareTo(Rank(right[common]));

        // Surrogates, which stand for the highest code points, lie below U+E000 to U+FFFF.
        static int Rank(char c) => c < '\uD800' ? c : c >= '\uE000' ? c - 0x800 : c + 0x2000;
    }

    /// <summary>Throws Python's TypeError for what has no hash.</summary>
    public static void RequireHashable(in JinjaValue key)
    {
        if (!IsHashable(key, out var type))
        {
            throw JinjaValueException.TypeError($"unhashable type: '{type}'");
        }
    }

    /// <summary>Whether Python hashes it: not a list or dictionary, nor a tuple with one in it.</summary>
    public static bool IsHashable(in JinjaValue key) => IsHashable(key, out _);

    /// <summary>A hash under which equal values are equal.</summary>
    public static int HashOf(in JinjaValue value) => value.Kind switch
    {
        JinjaKind.String => value.AsString.GetHashCode(StringComparison.Ordinal),
        JinjaKind.Boolean or JinjaKind.Integer when value.IsSmallInteger => value.AsInt64.GetHashCode(),
        JinjaKind.Integer => value.AsBigInteger.GetHashCode(),
        JinjaKind.Float => HashOf(value.AsDouble),
        // The first items are enough, and a tuple may hold tuples of tuples.
        JinjaKind.Tuple => value.AsItems is [{ Kind: not JinjaKind.Tuple } first, ..] items
            ? HashCode.Combine(items.Length, HashOf(first))
            : value.AsItems.Length,
        JinjaKind.Object => value.AsObject.TypeName.GetHashCode(StringComparison.Ordinal),
        _ => (int)value.Kind,
    };

    private static bool IsHashable(in JinjaValue key, out string type)
    {
        type = string.Empty;
        if (key.Kind is JinjaKind.List or JinjaKind.Dict)
        {
            type = PythonTypes.NameOf(key);
            return false;
        }

        if (key.Kind == JinjaKind.Tuple)
        {
            RequireStack();
            foreach (ref readonly var item in key.AsItems.AsSpan())
            {
                if (!IsHashable(item, out type))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static int HashOf(double number)
    {
        if (double.IsFinite(number) && Math.Floor(number) == number)
        {
            return HashOf(JinjaValue.From(new BigInteger(number)));
        }

        return number.GetHashCode();
    }

    private static bool AreEqual(in JinjaValue left, in JinjaValue right, JinjaRun? run, ref long visits)
    {
        Visit(run, ref visits);
        switch (left.Kind)
        {
            case JinjaKind.String:
                return right.Kind == JinjaKind.String && left.AsString == right.AsString;
            case JinjaKind.Boolean or JinjaKind.Integer or JinjaKind.Float:
                return right.IsNumber && CompareNumbers(left, right) == 0;
            case JinjaKind.List or JinjaKind.Tuple:
                return left.Kind == right.Kind && AreEqual(left.AsItems, right.AsItems, run, ref visits);
            case JinjaKind.Dict:
                return right.Kind == JinjaKind.Dict && AreEqual(left.AsDict, right.AsDict, run, ref visits);
            case JinjaKind.Object:
                return right.Kind == JinjaKind.Object && left.AsObject.IsEqualTo(right.AsObject, run);
            default:
                return left.Kind == right.Kind;
        }
    }

    private static bool AreEqual(JinjaValue[] left, JinjaValue[] right, JinjaRun? run, ref long visits)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        RequireStack();
        for (var i = 0; i < left.Length; i++)
        {
            // Python asks for identity first, which shows with NaN and saves the walk through shared parts.
            if (!left[i].IsSameAs(right[i]) && !AreEqual(left[i], right[i], run, ref visits))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreEqual(JinjaDict left, JinjaDict right, JinjaRun? run, ref long visits)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        RequireStack();
        foreach (ref readonly var entry in left.Entries)
        {
            if (!right.TryGetValue(entry.Key, out var other) ||
                (!entry.Value.IsSameAs(other) && !AreEqual(entry.Value, other, run, ref visits)))
            {
                return false;
            }
        }

        return true;
    }

    // Of unordered numbers (NaN) every comparison is false.
    private const int Unordered = int.MaxValue;

    private static int Order(in JinjaValue left, in JinjaValue right, string sign, JinjaRun? run)
    {
        run?.Spend(1);
        if (left.IsNumber && right.IsNumber)
        {
            return CompareNumbers(left, right);
        }

        if (left.IsString && right.IsString)
        {
            return CompareStrings(left.AsString, right.AsString);
        }

        if (left.IsUndefined || right.IsUndefined)
        {
            throw (left.IsUndefined ? left : right).UndefinedError();
        }

        if (left.IsSequence && left.Kind == right.Kind)
        {
            return Order(left.AsItems, right.AsItems, sign, run);
        }

        throw JinjaValueException.TypeError(
            $"'{sign}' not supported between instances of '{PythonTypes.NameOf(left)}' and " +
            $"'{PythonTypes.NameOf(right)}'");
    }

    private static int Order(JinjaValue[] left, JinjaValue[] right, string sign, JinjaRun? run)
    {
        RequireStack();
        var common = Math.Min(left.Length, right.Length);
        for (var i = 0; i < common; i++)
        {
            if (!left[i].IsSameAs(right[i]) && !AreEqual(left[i], right[i], run))
            {
                return Order(left[i], right[i], sign, run);
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static int CompareNumbers(in JinjaValue left, in JinjaValue right)
    {
        if (left.IsSmallInteger && right.IsSmallInteger)
        {
            return left.AsInt64.CompareTo(right.AsInt64);
        }

        if (left.Kind == JinjaKind.Float)
        {
            return right.Kind == JinjaKind.Float
                ? Compare(left.AsDouble, right.AsDouble)
                : Reverse(CompareWithFloat(right, left.AsDouble));
        }

        return right.Kind == JinjaKind.Float
            ? CompareWithFloat(left, right.AsDouble)
            : left.AsBigInteger.CompareTo(right.AsBigInteger);
    }

    private static int Compare(double left, double right) =>
        left < right ? -1 : left > right ? 1 : left == right ? 0 : Unordered;

    // Exact, where a conversion of the whole number would round.
    private static int CompareWithFloat(in JinjaValue whole, double number)
    {
        if (double.IsNaN(number))
        {
            return Unordered;
        }

        if (double.IsInfinity(number))
        {
            return number > 0 ? -1 : 1;
        }

        var floor = Math.Floor(number);
        var order = whole.AsBigInteger.CompareTo(new BigInteger(floor));
        return order == 0 && floor < number ? -1 : order;
    }

    private static int Reverse(int order) => order == Unordered ? Unordered : -order;

    private static void Visit(JinjaRun? run, ref long visits)
    {
        visits++;
        if (visits % VisitsPerCharge == 0)
        {
            run?.Spend(VisitsPerCharge);
            if (visits > MostVisits)
            {
                throw new JinjaValueException("RuntimeError", "the values are too large to compare");
            }
        }
    }

    /// <summary>Nested values are visited by recursion, and a template can nest them without end.</summary>
    public static void RequireStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw JinjaValueException.TooDeep();
        }
    }
}
