using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Methods;

/// <summary>The methods of Python's <c>list</c> that change nothing.</summary>
internal static class ListMethods
{
    private static readonly string[] IndexParameters = ["value", "start", "stop"];

    /// <summary>The method <paramref name="name"/>.</summary>
    public static JinjaMethod? Find(string name) => name switch
    {
        "copy" => Copy,
        "count" => Count,
        "index" => Index,
        _ => null,
    };

    /// <summary>Python's <c>count</c>.</summary>
    public static JinjaValue Count(in JinjaValue self, in JinjaCall call)
    {
        var wanted = new CallArguments(call, "count", ["value"], 1).Get(0);
        var count = 0;
        call.Run.Spend(self.AsItems.Length);
        foreach (ref readonly var item in self.AsItems.AsSpan())
        {
            count += IsIt(item, wanted, call.Run) ? 1 : 0;
        }

        return JinjaValue.From(count);
    }

    /// <summary>Python's <c>index</c>.</summary>
    public static JinjaValue Index(in JinjaValue self, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "index", IndexParameters, 1);
        var wanted = arguments.Get(0);
        var items = self.AsItems;
        call.Run.Spend(items.Length);
        var (start, stop, _) = Slices.Indices(arguments.Get(1), arguments.Get(2), JinjaValue.None, items.Length);
        for (var i = start; i < stop; i++)
        {
            if (IsIt(items[i], wanted, call.Run))
            {
                return JinjaValue.From(i);
            }
        }

        throw JinjaValueException.ValueError(
            self.Kind == JinjaKind.List
                ? $"{PythonText.Repr(wanted)} is not in list"
                : "tuple.index(x): x not in tuple");
    }

    private static JinjaValue Copy(in JinjaValue self, in JinjaCall call)
    {
        StringMethods.RequireNone(call, "list", "copy");
        return JinjaValue.List([.. self.AsItems]);
    }

    private static bool IsIt(in JinjaValue item, in JinjaValue wanted, JinjaRun run) =>
        item.IsSameAs(wanted) || Comparison.AreEqual(item, wanted, run);
}
