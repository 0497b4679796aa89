using AiRouter.Prompting.Jinja.Library;
using AiRouter.Prompting.Jinja.Values;
using AiRouter.Tests.Prompting.Jinja.Values;
using FsCheck.Xunit;

namespace AiRouter.Tests.Prompting.Jinja.Library;

/// <summary>
/// Whatever they are given, filters, tests, methods and operators end, and fail with nothing but our exception.
/// </summary>
[Properties(Arbitrary = [typeof(AnyValue)])]
public sealed class LibraryPropertyTests
{
    private const long Budget = 2_000_000;

    private static readonly string[] Filters =
    [
        "abs", "attr", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "e", "escape",
        "filesizeformat", "first", "float", "forceescape", "format", "groupby", "indent", "int", "items", "join",
        "last", "length", "list", "lower", "map", "max", "min", "pprint", "random", "reject", "rejectattr", "replace",
        "reverse", "round", "safe", "select", "selectattr", "slice", "sort", "string", "striptags", "sum", "title",
        "tojson", "trim", "truncate", "unique", "upper", "urlencode", "urlize", "wordcount", "wordwrap", "xmlattr",
    ];

    private static readonly string[] Tests =
    [
        "!=", "<", "<=", "==", ">", ">=", "boolean", "callable", "defined", "divisibleby", "eq", "equalto", "escaped",
        "even", "false", "filter", "float", "ge", "greaterthan", "gt", "in", "integer", "iterable", "le", "lessthan",
        "lower", "lt", "mapping", "ne", "none", "number", "odd", "sameas", "sequence", "string", "test", "true",
        "undefined", "upper",
    ];

    private static readonly string[] Methods =
    [
        "capitalize", "casefold", "center", "copy", "count", "encode", "endswith", "expandtabs", "find", "format",
        "format_map", "fromkeys", "get", "index", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit",
        "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper", "items", "join",
        "keys", "ljust", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rindex",
        "rjust", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title",
        "upper", "values", "zfill",
    ];

    private static readonly string[] Globals =
        ["cycler", "dict", "joiner", "namespace", "raise_exception", "range", "strftime_now"];

    private delegate JinjaValue Callee(in JinjaCall call);

    [Property(MaxTest = 40)]
    public void Filters_end(JinjaValue value, JinjaValue first, JinjaValue second)
    {
        foreach (var name in Filters)
        {
            Assert.True(JinjaFilters.TryGet(name, out var filter), name);
            EndsWell(name, (in JinjaCall call) => filter(value, call), first, second);
        }
    }

    [Property(MaxTest = 40)]
    public void Tests_end(JinjaValue value, JinjaValue first, JinjaValue second)
    {
        foreach (var name in Tests)
        {
            Assert.True(JinjaTests.TryGet(name, out var test), name);
            EndsWell(name, (in JinjaCall call) => JinjaValue.From(test(value, call)), first, second);
        }
    }

    [Property(MaxTest = 40)]
    public void Methods_end(JinjaValue value, JinjaValue first, JinjaValue second)
    {
        foreach (var name in Methods)
        {
            if (Lookup.Method(value, JinjaName.Of(name)) is { } method)
            {
                EndsWell(name, (in JinjaCall call) => method(value, call), first, second);
            }
        }
    }

    [Property(MaxTest = 40)]
    public void Functions_end(JinjaValue first, JinjaValue second)
    {
        foreach (var name in Globals)
        {
            Assert.True(JinjaGlobals.TryGet(name, out var function), name);
            EndsWell(name, (in JinjaCall call) => Lookup.Call(function, call), first, second);
        }
    }

    [Property(MaxTest = 200)]
    public void Operators_end(JinjaValue left, JinjaValue right, JinjaValue third)
    {
        var run = new FreeRun(budget: Budget);
        Callee[] operators =
        [
            (in _) => Arithmetic.Add(left, right, run),
            (in _) => Arithmetic.Subtract(left, right),
            (in _) => Arithmetic.Multiply(left, right, run),
            (in _) => Arithmetic.Divide(left, right),
            (in _) => Arithmetic.FloorDivide(left, right),
            (in _) => Arithmetic.Modulo(left, right, run),
            (in _) => Arithmetic.Power(left, right, run),
            (in _) => Arithmetic.Negate(left),
            (in _) => Arithmetic.Plus(left),
            (in _) => JinjaValue.From(Comparison.IsLess(left, right, run)),
            (in _) => JinjaValue.From(Comparison.IsGreaterOrEqual(left, right, run)),
            (in _) => JinjaValue.From(Comparison.AreEqual(left, right, run)),
            (in _) => JinjaValue.From(Iteration.Contains(left, right, run)),
            (in _) => Lookup.Item(left, right, run),
            (in _) => Slices.Slice(left, right, third, JinjaValue.None, run),
        ];
        foreach (var callee in operators)
        {
            EndsWell("operator", callee, default, default);
        }
    }

    private static void EndsWell(string name, Callee callee, in JinjaValue first, in JinjaValue second)
    {
        for (var count = 0; count <= 2; count++)
        {
            var run = new FreeRun(budget: Budget);
            JinjaValue[] arguments = [first, second];
            try
            {
                var result = callee(new JinjaCall(run, arguments.AsSpan(0, count)));
                _ = PythonText.Str(result, run);
                if (Iteration.IsIterable(result))
                {
                    _ = Iteration.ToArray(result, run);
                }
            }
            catch (JinjaValueException exception)
            {
                Assert.False(string.IsNullOrEmpty(exception.Type), name);
            }
        }
    }
}
