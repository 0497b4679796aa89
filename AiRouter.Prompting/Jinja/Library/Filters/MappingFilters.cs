using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Filters;

/// <summary>Filters that apply a filter, a test or a look-up to each item: <c>map</c>, <c>select</c>, ….</summary>
internal static class MappingFilters
{
    public static JinjaValue Map(in JinjaValue value, in JinjaCall call) =>
        SequenceFilters.Generator(Mapped(value, CallCopy.Of(call)));

    public static JinjaValue Select(in JinjaValue value, in JinjaCall call) => Choose(value, call, true, false);

    public static JinjaValue Reject(in JinjaValue value, in JinjaCall call) => Choose(value, call, false, false);

    public static JinjaValue SelectAttribute(in JinjaValue value, in JinjaCall call) => Choose(value, call, true, true);

    public static JinjaValue RejectAttribute(in JinjaValue value, in JinjaCall call) =>
        Choose(value, call, false, true);

    private static JinjaValue Choose(in JinjaValue value, in JinjaCall call, bool wanted, bool byAttribute) =>
        SequenceFilters.Generator(Chosen(value, CallCopy.Of(call), wanted, byAttribute));

    private static IEnumerator<JinjaValue> Mapped(JinjaValue value, CallCopy call)
    {
        if (!value.IsTrue)
        {
            yield break;
        }

        var byPath = call.Positional.Length == 0 && call.Names.Contains("attribute") ? PathOf(call) : null;
        var (filter, rest) = byPath is null ? FilterOf(call) : (null, call);
        var items = Iteration.Begin(value, call.Run);
        while (items.MoveNext())
        {
            call.Run.Spend(1);
            yield return byPath is null ? filter!(items.Current, rest.ToCall()) : byPath.Get(items.Current, call.Run);
        }
    }

    private static IEnumerator<JinjaValue> Chosen(JinjaValue value, CallCopy call, bool wanted, bool byAttribute)
    {
        if (!value.IsTrue)
        {
            yield break;
        }

        AttributePath? path = null;
        if (byAttribute)
        {
            path = call.Positional is [var attribute, ..]
                ? AttributePath.Parse(attribute, JinjaValue.None)
                : throw JinjaValueException.Argument("Missing parameter for attribute name");
            call = call.Without(1);
        }

        var (test, rest) = call.Positional.Length == 0 ? (null, call) : TestOf(call);
        var items = Iteration.Begin(value, call.Run);
        while (items.MoveNext())
        {
            call.Run.Spend(1);
            var item = items.Current;
            var tested = path is null ? item : path.Get(item, call.Run);
            if ((test is null ? tested.IsTrue : test(tested, rest.ToCall())) == wanted)
            {
                yield return item;
            }
        }
    }

    private static AttributePath PathOf(CallCopy call)
    {
        if (Array.Find(call.Names, n => n is not ("attribute" or "default")) is { } unknown)
        {
            throw JinjaValueException.Argument($"Unexpected keyword argument {PythonText.Repr(unknown)}");
        }

        var arguments = new CallArguments(call.ToCall(), "map", ["attribute", "default"]);
        return AttributePath.Parse(arguments.Get(0), arguments.Get(1));
    }

    private static (JinjaFilter Filter, CallCopy Arguments) FilterOf(CallCopy call)
    {
        if (call.Positional.Length == 0)
        {
            throw JinjaValueException.Argument("map requires a filter argument");
        }

        var name = PythonText.Str(call.Positional[0], null);
        return JinjaFilters.TryGet(name, out var filter)
            ? (filter, call.Without(1))
            : throw new JinjaValueException("TemplateRuntimeError", $"No filter named {PythonText.Repr(name)}.");
    }

    private static (JinjaTest Test, CallCopy Arguments) TestOf(CallCopy call)
    {
        var name = PythonText.Str(call.Positional[0], null);
        return JinjaTests.TryGet(name, out var test)
            ? (test, call.Without(1))
            : throw new JinjaValueException("TemplateRuntimeError", $"No test named {PythonText.Repr(name)}.");
    }

    /// <summary>A call's arguments, kept until the iterator is asked for its items.</summary>
    private sealed record CallCopy(JinjaRun Run, JinjaValue[] Positional, string[] Names, JinjaValue[] Named)
    {
        public static CallCopy Of(in JinjaCall call) =>
            new(call.Run, call.Positional.ToArray(), call.Names.ToArray(), call.Named.ToArray());

        public CallCopy Without(int count) => this with { Positional = Positional[count..] };

        public JinjaCall ToCall() => new(Run, Positional, Names, Named);
    }
}
