using AiRouter.Prompting.Jinja.Library.Methods;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library;

/// <summary>The tests that ask for more than a value's kind.</summary>
internal static class ValueTests
{
    public static bool IsOdd(in JinjaValue value, in JinjaCall call) => Remainder(value, JinjaValue.From(2), call) is 1;

    public static bool IsEven(in JinjaValue value, in JinjaCall call) =>
        Remainder(value, JinjaValue.From(2), call) is 0;

    public static bool IsDivisible(in JinjaValue value, in JinjaCall call) => Remainder(value, Other(call), call) is 0;

    public static bool IsSame(in JinjaValue value, in JinjaCall call) => value.IsSameAs(Other(call));

    public static bool IsIn(in JinjaValue value, in JinjaCall call) => Iteration.Contains(Other(call), value, call.Run);

    public static bool IsEqual(in JinjaValue value, in JinjaCall call) =>
        Comparison.AreEqual(value, Other(call), call.Run);

    public static bool IsUnequal(in JinjaValue value, in JinjaCall call) =>
        !Comparison.AreEqual(value, Other(call), call.Run);

    public static bool IsLess(in JinjaValue value, in JinjaCall call) =>
        Comparison.IsLess(value, Other(call), call.Run);

    public static bool IsLessOrEqual(in JinjaValue value, in JinjaCall call) =>
        Comparison.IsLessOrEqual(value, Other(call), call.Run);

    public static bool IsGreater(in JinjaValue value, in JinjaCall call) =>
        Comparison.IsGreater(value, Other(call), call.Run);

    public static bool IsGreaterOrEqual(in JinjaValue value, in JinjaCall call) =>
        Comparison.IsGreaterOrEqual(value, Other(call), call.Run);

    public static bool IsLower(in JinjaValue value, in JinjaCall call) =>
        StringQuestions.IsLower(PythonText.Str(value, call.Run));

    public static bool IsUpper(in JinjaValue value, in JinjaCall call) =>
        StringQuestions.IsUpper(PythonText.Str(value, call.Run));

    public static bool IsFilter(in JinjaValue value)
    {
        Comparison.RequireHashable(value);
        return value.TryGetString(out var name) && JinjaFilters.TryGet(name, out _);
    }

    public static bool IsTest(in JinjaValue value)
    {
        Comparison.RequireHashable(value);
        return value.TryGetString(out var name) && JinjaTests.TryGet(name, out _);
    }

    private static JinjaValue Other(in JinjaCall call) => call switch
    {
        { Positional.Length: 1, Names.Length: 0 } => call.Positional[0],
        { Positional.Length: 0, Named.Length: 1 } => call.Named[0],
        _ => throw JinjaValueException.TypeError(
            $"the test takes one argument ({call.Positional.Length + call.Named.Length} given)"),
    };

    // The remainder where it is 0 or 1.
    private static int? Remainder(in JinjaValue value, in JinjaValue divisor, in JinjaCall call)
    {
        var rest = Arithmetic.Modulo(value, divisor, call.Run);
        return Comparison.AreEqual(rest, JinjaValue.From(0), null) ? 0
            : Comparison.AreEqual(rest, JinjaValue.From(1), null) ? 1
            : null;
    }
}
