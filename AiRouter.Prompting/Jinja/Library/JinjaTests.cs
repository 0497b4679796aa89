using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library;

/// <summary>The tests by name: Jinja2's built-in ones.</summary>
internal static class JinjaTests
{
    private static readonly FrozenDictionary<string, JinjaTest> ByName = new Dictionary<string, JinjaTest>
    {
        ["odd"] = ValueTests.IsOdd,
        ["even"] = ValueTests.IsEven,
        ["divisibleby"] = ValueTests.IsDivisible,
        ["defined"] = Ask((in value) => !value.IsUndefined),
        ["undefined"] = Ask((in value) => value.IsUndefined),
        ["filter"] = Ask(ValueTests.IsFilter),
        ["test"] = Ask(ValueTests.IsTest),
        ["none"] = Ask((in value) => value.IsNone),
        ["boolean"] = Ask((in value) => value.Kind == JinjaKind.Boolean),
        ["false"] = Ask((in value) => value.Kind == JinjaKind.Boolean && !value.IsTrue),
        ["true"] = Ask((in value) => value.Kind == JinjaKind.Boolean && value.IsTrue),
        ["integer"] = Ask((in value) => value.Kind == JinjaKind.Integer),
        ["float"] = Ask((in value) => value.Kind == JinjaKind.Float),
        ["lower"] = ValueTests.IsLower,
        ["upper"] = ValueTests.IsUpper,
        ["string"] = Ask((in value) => value.IsString),
        ["mapping"] = Ask((in value) => value.Kind == JinjaKind.Dict),
        ["number"] = Ask((in value) => value.IsNumber),
        ["sequence"] = Ask(IsSequence),
        ["iterable"] = Ask((in value) => Iteration.IsIterable(value)),
        ["callable"] = Ask((in value) => value.IsUndefined || (value.TryGetObject(out var o) && o.IsCallable)),
        ["sameas"] = ValueTests.IsSame,
        ["escaped"] = Ask((in value) => value.IsMarkup),
        ["in"] = ValueTests.IsIn,
        ["=="] = ValueTests.IsEqual,
        ["eq"] = ValueTests.IsEqual,
        ["equalto"] = ValueTests.IsEqual,
        ["!="] = ValueTests.IsUnequal,
        ["ne"] = ValueTests.IsUnequal,
        [">"] = ValueTests.IsGreater,
        ["gt"] = ValueTests.IsGreater,
        ["greaterthan"] = ValueTests.IsGreater,
        ["ge"] = ValueTests.IsGreaterOrEqual,
        [">="] = ValueTests.IsGreaterOrEqual,
        ["<"] = ValueTests.IsLess,
        ["lt"] = ValueTests.IsLess,
        ["lessthan"] = ValueTests.IsLess,
        ["<="] = ValueTests.IsLessOrEqual,
        ["le"] = ValueTests.IsLessOrEqual,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private delegate bool Question(in JinjaValue value);

    /// <summary>The test <paramref name="name"/>; templates name it as they are parsed.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out JinjaTest? test) =>
        ByName.TryGetValue(name, out test);

    private static JinjaTest Ask(Question question) => (in JinjaValue value, in JinjaCall call) =>
        call.Positional.IsEmpty && call.Names.IsEmpty
            ? question(value)
            : throw JinjaValueException.TypeError("the test takes no arguments");

    // What has a length and can be indexed; an undefined value has both.
    private static bool IsSequence(in JinjaValue value) => value.Kind switch
    {
        JinjaKind.Object => value.AsObject is { HasLength: true, IsSubscriptable: true },
        JinjaKind.None or JinjaKind.Boolean or JinjaKind.Integer or JinjaKind.Float => false,
        _ => true,
    };
}
