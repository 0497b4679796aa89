using AiRouter.Prompting.Jinja.Library.Objects;
using AiRouter.Prompting.Jinja.Library.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Filters;

/// <summary>
/// Filters that put items in order or compare them: <c>sort</c>, <c>unique</c>, <c>min</c>, <c>groupby</c>, ….
/// </summary>
internal static class OrderFilters
{
    private static readonly string[] SortParameters = ["reverse", "case_sensitive", "attribute"];

    private static readonly string[] CaseParameters = ["case_sensitive", "attribute"];

    private static readonly string[] DictSortParameters = ["case_sensitive", "by", "reverse"];

    private static readonly string[] GroupParameters = ["attribute", "default", "case_sensitive"];

    public static JinjaValue Sort(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "sort", SortParameters);
        var isCaseSensitive = arguments.IsTrue(1);
        var paths = AttributePath.ParseMany(arguments.Get(2));
        var run = call.Run;
        JinjaValue[] items = [.. Iteration.ToArray(value, run)];

        // As Jinja2, which compares lists of the attributes, even of one.
        var keys = Array.ConvertAll(
            items, item => JinjaValue.List(Array.ConvertAll(paths, path => path.Key(item, isCaseSensitive, run))));
        PythonSort.Sort(keys, items, arguments.IsTrue(0), run);
        return JinjaValue.List(items);
    }

    public static JinjaValue DictSort(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "dictsort", DictSortParameters);
        var by = arguments.TryGet(1, out var given) && given.TryGetString(out var name) ? name : "key";
        if (by is not ("key" or "value") || (given.Kind != JinjaKind.String && arguments.TryGet(1, out _)))
        {
            throw JinjaValueException.Argument("You can only sort by either \"key\" or \"value\"");
        }

        var dict = RequireDict(value, "items");
        call.Run.Reserve(dict.Count * 2L);
        var isCaseSensitive = arguments.IsTrue(0);
        var pairs = Array.ConvertAll(dict.Entries.ToArray(), e => JinjaValue.Tuple(e.Key, e.Value));
        var position = by == "key" ? 0 : 1;
        var run = call.Run;
        var keys = Array.ConvertAll(
            pairs, pair => AttributePath.Caseless(pair.AsItems[position], isCaseSensitive, run));
        PythonSort.Sort(keys, pairs, arguments.IsTrue(2), call.Run);
        return JinjaValue.List(pairs);
    }

    public static JinjaValue Unique(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "unique", CaseParameters);
        var path = AttributePath.Parse(arguments.Get(1), JinjaValue.None);
        return SequenceFilters.Generator(Distinct(value, path, arguments.IsTrue(0), call.Run));
    }

    public static JinjaValue Min(in JinjaValue value, in JinjaCall call) => Extreme(value, call, "min", 1);

    public static JinjaValue Max(in JinjaValue value, in JinjaCall call) => Extreme(value, call, "max", -1);

    public static JinjaValue GroupBy(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "groupby", GroupParameters, 1);
        var path = AttributePath.Parse(arguments.Get(0), arguments.Get(1));
        var isCaseSensitive = arguments.IsTrue(2);
        var run = call.Run;
        JinjaValue[] items = [.. Iteration.ToArray(value, run)];
        var keys = Array.ConvertAll(items, item => path.Key(item, isCaseSensitive, run));
        PythonSort.Sort(keys, items, false, run);
        var groups = new List<JinjaValue>();
        for (int start = 0, end; start < items.Length; start = end)
        {
            for (end = start + 1; end < items.Length && Comparison.AreEqual(keys[start], keys[end], run);)
            {
                end++;
            }

            var grouper = isCaseSensitive ? keys[start] : path.Get(items[start], run);
            groups.Add(JinjaValue.From(new GroupTuple(grouper, JinjaValue.List(items[start..end]))));
        }

        return JinjaValue.List([.. groups]);
    }

    /// <summary>The dictionary; Python's AttributeError of what is none.</summary>
    public static JinjaDict RequireDict(in JinjaValue value, string method)
    {
        if (value.IsUndefined)
        {
            throw value.UndefinedError();
        }

        return value.TryGetDict(out var dict)
            ? dict
            : throw JinjaValueException.AttributeError(
                $"'{PythonTypes.NameOf(value)}' object has no attribute '{method}'");
    }

    private static IEnumerator<JinjaValue> Distinct(
        JinjaValue value, AttributePath path, bool isCaseSensitive, JinjaRun run)
    {
        var seen = new JinjaDict();
        var items = Iteration.Begin(value, run);
        while (items.MoveNext())
        {
            var item = items.Current;
            run.Spend(1);
            var key = path.Key(item, isCaseSensitive, run);
            if (!seen.ContainsKey(key))
            {
                run.Reserve(1);
                seen.Set(key, JinjaValue.None);
                yield return item;
            }
        }
    }

    private static JinjaValue Extreme(in JinjaValue value, in JinjaCall call, string name, int sign)
    {
        var arguments = new CallArguments(call, name, CaseParameters);
        var isCaseSensitive = arguments.IsTrue(0);
        var path = AttributePath.Parse(arguments.Get(1), JinjaValue.None);
        var items = Iteration.ToArray(value, call.Run);
        if (items.Length == 0)
        {
            return JinjaValue.UndefinedBecause("No aggregated item, sequence was empty.");
        }

        var best = items[0];
        var bestKey = path.Key(best, isCaseSensitive, call.Run);
        for (var i = 1; i < items.Length; i++)
        {
            var key = path.Key(items[i], isCaseSensitive, call.Run);
            if (sign > 0 ? Comparison.IsLess(key, bestKey, call.Run) : Comparison.IsGreater(key, bestKey, call.Run))
            {
                (best, bestKey) = (items[i], key);
            }
        }

        return best;
    }
}
