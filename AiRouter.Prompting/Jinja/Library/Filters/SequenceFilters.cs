using AiRouter.Prompting.Jinja.Library.Objects;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Filters;

/// <summary>Filters that take items from a sequence or put its items together.</summary>
internal static class SequenceFilters
{
    private static readonly string[] JoinParameters = ["d", "attribute"];

    private static readonly string[] SumParameters = ["attribute", "start"];

    private static readonly string[] BatchParameters = ["linecount", "fill_with"];

    private static readonly string[] SliceParameters = ["slices", "fill_with"];

    public static JinjaValue Length(in JinjaValue value, in JinjaCall call)
    {
        TextFilters.RequireNone(call, "length");
        Iteration.SpendOn(value, call.Run);
        return JinjaValue.From(Iteration.Length(value));
    }

    public static JinjaValue List(in JinjaValue value, in JinjaCall call)
    {
        TextFilters.RequireNone(call, "list");
        return value.Kind == JinjaKind.List ? value : JinjaValue.List(Iteration.ToArray(value, call.Run));
    }

    public static JinjaValue First(in JinjaValue value, in JinjaCall call)
    {
        TextFilters.RequireNone(call, "first");
        if (value.IsSequence && value.AsItems is [var first, ..])
        {
            return first;
        }

        using var items = Iteration.Begin(value, call.Run);
        return items.MoveNext() ? items.Current : JinjaValue.UndefinedBecause("No first item, sequence was empty.");
    }

    public static JinjaValue Last(in JinjaValue value, in JinjaCall call)
    {
        TextFilters.RequireNone(call, "last");
        var items = Reversible(value, call.Run);
        return items.Length > 0 ? items[^1] : JinjaValue.UndefinedBecause("No last item, sequence was empty.");
    }

    public static JinjaValue Random(in JinjaValue value, in JinjaCall call)
    {
        TextFilters.RequireNone(call, "random");
        var length = Iteration.Length(value);
        if (length == 0)
        {
            return JinjaValue.UndefinedBecause("No random item, sequence was empty.");
        }

        var index = JinjaValue.From(call.Run.Random.NextInt64(length));
        var item = Lookup.Item(value, index, call.Run);
        return item.IsUndefined ? throw JinjaValueException.KeyError(PythonText.Repr(index)) : item;
    }

    public static JinjaValue Join(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "join", JoinParameters);
        var separator = arguments.TryGet(0, out var given) ? PythonText.Str(given, call.Run) : string.Empty;
        var attribute = arguments.Get(1);
        var items = Iteration.ToArray(value, call.Run);
        var path = attribute.IsNone ? null : AttributePath.Parse(attribute, JinjaValue.None);
        call.Run.Spend(items.Length);
        using var text = new JinjaText(call.Run);
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
            {
                text.Append(separator);
            }

            PythonText.AppendStr(text, path is null ? items[i] : path.Get(items[i], call.Run));
        }

        return JinjaValue.From(text.ToString());
    }

    public static JinjaValue Reverse(in JinjaValue value, in JinjaCall call)
    {
        TextFilters.RequireNone(call, "reverse");
        if (value.IsString)
        {
            return Slices.Slice(value, JinjaValue.None, JinjaValue.None, JinjaValue.From(-1), call.Run);
        }

        if (!Iteration.IsIterable(value))
        {
            throw JinjaValueException.Argument("argument must be iterable");
        }

        var items = Iteration.ToArray(value, call.Run);
        call.Run.Reserve(items.Length);
        var reversed = new JinjaValue[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            reversed[i] = items[items.Length - 1 - i];
        }

        // What Python cannot reverse becomes a list, the rest an iterator.
        return value.IsUndefined || (value.Kind == JinjaKind.Object && !IsReversible(value.AsObject))
            ? JinjaValue.List(reversed)
            : Generator(((IEnumerable<JinjaValue>)reversed).GetEnumerator(), value.Kind switch
            {
                JinjaKind.List => "list_reverseiterator",
                JinjaKind.Dict => "dict_reversekeyiterator",
                _ => "reversed",
            });
    }

    public static JinjaValue Sum(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "sum", SumParameters);
        var attribute = arguments.Get(0);
        var path = attribute.IsNone ? null : AttributePath.Parse(attribute, JinjaValue.None);
        var sum = arguments.TryGet(1, out var start) ? start : JinjaValue.From(0);
        if (sum.IsString)
        {
            throw JinjaValueException.TypeError("sum() can't sum strings [use ''.join(seq) instead]");
        }

        foreach (var item in Iteration.ToArray(value, call.Run))
        {
            call.Run.Spend(1);
            sum = Arithmetic.Add(sum, path is null ? item : path.Get(item, call.Run), call.Run);
        }

        return sum;
    }

    public static JinjaValue Batch(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "batch", BatchParameters, 1);
        var fill = arguments.Get(1);
        return Generator(Batches(Iteration.Begin(value, call.Run), arguments.Get(0), fill, call.Run));
    }

    public static JinjaValue Slice(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "slice", SliceParameters, 1);
        return Generator(Columns(value, arguments.Get(0), arguments.Get(1), call.Run));
    }

    /// <summary>An iterator as a value.</summary>
    public static JinjaValue Generator(IEnumerator<JinjaValue> items, string typeName = "generator") =>
        JinjaValue.From(new JinjaGenerator(items, typeName));

    private static JinjaValue[] Reversible(in JinjaValue value, JinjaRun run)
    {
        return !Iteration.IsIterable(value) || (value.Kind == JinjaKind.Object && !IsReversible(value.AsObject))
            ? throw JinjaValueException.TypeError($"'{PythonTypes.NameOf(value)}' object is not reversible")
            : Iteration.ToArray(value, run);
    }

    private static bool IsReversible(JinjaObject value) => value is JinjaRange or DictView or GroupTuple or JinjaBytes;

    private static IEnumerator<JinjaValue> Batches(
        IEnumerator<JinjaValue> items, JinjaValue size, JinjaValue fill, JinjaRun run)
    {
        var batch = new List<JinjaValue>();
        while (items.MoveNext())
        {
            run.Spend(1);
            run.Reserve(1);
            if (Comparison.AreEqual(JinjaValue.From(batch.Count), size, run))
            {
                yield return JinjaValue.List([.. batch]);
                batch.Clear();
            }

            batch.Add(items.Current);
        }

        if (batch.Count == 0)
        {
            yield break;
        }

        if (!fill.IsNone && Comparison.IsLess(JinjaValue.From(batch.Count), size, run))
        {
            var missing = CallArguments.ToInteger(size) - batch.Count;
            run.Reserve(missing);
            for (; missing > 0; missing--)
            {
                batch.Add(fill);
            }
        }

        yield return JinjaValue.List([.. batch]);
    }

    private static IEnumerator<JinjaValue> Columns(JinjaValue value, JinjaValue slices, JinjaValue fill, JinjaRun run)
    {
        var items = Iteration.ToArray(value, run);
        _ = Arithmetic.FloorDivide(JinjaValue.From(items.Length), slices);
        var count = CallArguments.ToInteger(slices);
        var (size, longer) = Math.DivRem(items.Length, count);
        var start = 0L;
        for (var i = 0L; i < count; i++)
        {
            run.Spend(1);
            var end = start + size + (i < longer ? 1 : 0);
            run.Reserve(end - start + 1);
            var column = items[(int)start..(int)end];
            yield return JinjaValue.List(!fill.IsNone && i >= longer ? [.. column, fill] : column);
            start = end;
        }
    }
}
