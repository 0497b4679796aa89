namespace AiRouter.Prompting.Jinja.Values;

/// <summary><c>value[start:stop:step]</c>.</summary>
internal static class Slices
{
    /// <summary>The slice; <c>None</c> for what was left out.</summary>
    public static JinjaValue Slice(
        in JinjaValue value, in JinjaValue start, in JinjaValue stop, in JinjaValue step, JinjaRun run)
    {
        switch (value.Kind)
        {
            case JinjaKind.String:
                var text = SliceText(value.AsString, start, stop, step, run);
                return value.IsMarkup ? JinjaValue.Markup(text) : JinjaValue.From(text);
            case JinjaKind.List or JinjaKind.Tuple:
                var items = SliceItems(value.AsItems, start, stop, step, run);
                return value.Kind == JinjaKind.List ? JinjaValue.List(items) : JinjaValue.Tuple(items);
            case JinjaKind.Undefined:
                throw value.UndefinedError();
            case JinjaKind.Dict:
                throw JinjaValueException.TypeError("unhashable type: 'slice'");
            case JinjaKind.Object when value.AsObject.TrySlice(start, stop, step, run, out var slice):
                return slice;
            default:
                throw JinjaValueException.TypeError($"'{PythonTypes.NameOf(value)}' object is not subscriptable");
        }
    }

    /// <summary>Python's <c>slice.indices(length)</c>: where to begin, where to end, how far each step goes.</summary>
    public static (long Start, long Stop, long Step) Indices(
        in JinjaValue start, in JinjaValue stop, in JinjaValue step, long length)
    {
        var by = step.IsNone ? 1 : Clamp(step);
        if (by == 0)
        {
            throw JinjaValueException.ValueError("slice step cannot be zero");
        }

        var (lowest, highest) = by > 0 ? (0L, length) : (-1L, length - 1);
        var from = start.IsNone ? (by > 0 ? lowest : highest) : Bound(start, length, lowest, highest);
        var to = stop.IsNone ? (by > 0 ? highest : lowest) : Bound(stop, length, lowest, highest);
        return (from, to, by);
    }

    /// <summary>How many items a slice has.</summary>
    public static long Count(long start, long stop, long step)
    {
        if (step > 0)
        {
            return start < stop ? ((stop - start - 1) / step) + 1 : 0;
        }

        return stop < start ? ((start - stop - 1) / -step) + 1 : 0;
    }

    private static JinjaValue[] SliceItems(
        JinjaValue[] items, in JinjaValue start, in JinjaValue stop, in JinjaValue step, JinjaRun run)
    {
        var (from, to, by) = Indices(start, stop, step, items.Length);
        var count = (int)Count(from, to, by);
        if (count == items.Length && by == 1)
        {
            return items;
        }

        run.Reserve(count);
        if (by == 1)
        {
            return count == 0 ? [] : items[(int)from..(int)to];
        }

        var result = new JinjaValue[count];
        for (var i = 0; i < count; i++)
        {
            result[i] = items[from + (i * by)];
        }

        return result;
    }

    private static string SliceText(
        string text, in JinjaValue start, in JinjaValue stop, in JinjaValue step, JinjaRun run)
    {
        var areUnits = CodePoints.AreUnits(text);
        var (from, to, by) = Indices(start, stop, step, areUnits ? text.Length : CodePoints.Count(text));
        var count = (int)Count(from, to, by);
        if (count == 0)
        {
            return string.Empty;
        }

        run.Reserve(count);
        if (by == 1)
        {
            if (areUnits)
            {
                return count == text.Length ? text : text.Substring((int)from, count);
            }

            var first = CodePoints.ToUnit(text, from);
            return text.Substring(first, CodePoints.ToUnit(text.AsSpan(first), count));
        }

        using var result = new JinjaText(run);
        if (areUnits)
        {
            for (var i = 0; i < count; i++)
            {
                result.Append(text[(int)(from + (i * by))]);
            }

            return result.ToString();
        }

        var points = CodePoints.ToArray(text);
        for (var i = 0; i < count; i++)
        {
            result.AppendCodePoint(points[from + (i * by)]);
        }

        return result.ToString();
    }

    private static long Bound(in JinjaValue index, long length, long lowest, long highest)
    {
        var value = Clamp(index);
        value = value < 0 ? value + length : value;
        return Math.Clamp(value, lowest, Math.Max(lowest, highest));
    }

    private static long Clamp(in JinjaValue index)
    {
        if (!index.IsInteger)
        {
            throw JinjaValueException.TypeError("slice indices must be integers or None or have an __index__ method");
        }

        // Room is left to add a length or to turn the sign.
        const long most = long.MaxValue / 4;
        return index.TryGetInt64(out var value) ? Math.Clamp(value, -most, most) : index.AsBigInteger.Sign * most;
    }
}
