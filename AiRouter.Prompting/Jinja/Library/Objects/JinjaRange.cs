using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Objects;

/// <summary><c>range(…)</c>, as the sandbox limits it.</summary>
internal sealed class JinjaRange(long start, long stop, long step) : JinjaObject
{
    private const long MostItems = 100_000;

    private static readonly string[] StopOnly = ["stop"];

    private static readonly string[] Parameters = ["start", "stop", "step"];

    private readonly long _count = Slices.Count(start, stop, step);

    /// <inheritdoc/>
    public override string TypeName => "range";

    /// <inheritdoc/>
    public override bool HasLength => true;

    /// <inheritdoc/>
    public override long Length => _count;

    /// <inheritdoc/>
    public override bool IsIterable => true;

    /// <inheritdoc/>
    public override bool IsSubscriptable => true;

    /// <summary>Makes one.</summary>
    /// <exception cref="JinjaValueException">The arguments are not whole numbers, or the range is too big.</exception>
    public static JinjaValue Create(in JinjaCall call)
    {
        if (!call.Names.IsEmpty)
        {
            throw JinjaValueException.TypeError("range() takes no keyword arguments");
        }

        if (call.Positional.IsEmpty)
        {
            throw JinjaValueException.TypeError("range expected at least 1 argument, got 0");
        }

        var isShort = call.Positional.Length == 1;
        var arguments = new CallArguments(call, "range", isShort ? StopOnly : Parameters, isShort ? 1 : 2);
        var start = isShort ? 0 : Bound(arguments.Get(0));
        var stop = Bound(arguments.Get(isShort ? 0 : 1));
        var step = isShort || call.Positional.Length == 2 ? 1 : Bound(arguments.Get(2));
        if (step == 0)
        {
            throw JinjaValueException.ValueError("range() arg 3 must not be zero");
        }

        var range = new JinjaRange(start, stop, step);
        return range.Length > MostItems
            ? throw JinjaValueException.OverflowError(
                $"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MostItems}).")
            : JinjaValue.From(range);
    }

    /// <inheritdoc/>
    public override IEnumerator<JinjaValue> Iterate(JinjaRun run)
    {
        for (var i = 0L; i < _count; i++)
        {
            yield return JinjaValue.From(start + (i * step));
        }
    }

    /// <inheritdoc/>
    public override bool Contains(in JinjaValue item, JinjaRun run)
    {
        if (!item.TryGetInt64(out var number))
        {
            return base.Contains(item, run);
        }

        var distance = (Int128)number - start;
        return distance % step == 0 && distance / step >= 0 && distance / step < _count;
    }

    /// <inheritdoc/>
    public override bool TryGetItem(in JinjaValue key, JinjaRun run, out JinjaValue value)
    {
        value = default;
        if (!key.TryGetInt64(out var index))
        {
            return false;
        }

        index = index < 0 ? index + _count : index;
        if (index < 0 || index >= _count)
        {
            return false;
        }

        value = JinjaValue.From(start + (index * step));
        return true;
    }

    /// <inheritdoc/>
    public override bool TrySlice(
        in JinjaValue start, in JinjaValue stop, in JinjaValue step, JinjaRun run, out JinjaValue value)
    {
        var (from, to, by) = Slices.Indices(start, stop, step, _count);
        value = JinjaValue.From(new JinjaRange(Start + (from * Step), Start + (to * Step), Step * by));
        return true;
    }

    /// <inheritdoc/>
    public override bool TryGetAttribute(string name, JinjaRun run, out JinjaValue value)
    {
        value = name switch
        {
            "start" => JinjaValue.From(start),
            "stop" => JinjaValue.From(stop),
            "step" => JinjaValue.From(step),
            _ => default,
        };
        return !value.IsUndefined;
    }

    /// <inheritdoc/>
    public override bool IsEqualTo(JinjaObject other, JinjaRun? run) =>
        other is JinjaRange range && Length == range.Length &&
        (Length == 0 || (Start == range.Start && (Length == 1 || Step == range.Step)));

    /// <inheritdoc/>
    public override void WriteRepr(JinjaText text) =>
        text.Append(step == 1 ? $"range({start}, {stop})" : $"range({start}, {stop}, {step})");

    private long Start => start;

    private long Step => step;

    // Room is left for the arithmetic on them.
    private static long Bound(in JinjaValue value)
    {
        const long most = long.MaxValue / 4;
        var number = CallArguments.ToInteger(value);
        return number is >= -most and <= most
            ? number
            : throw JinjaValueException.OverflowError("Python int too large to convert to C ssize_t");
    }
}
