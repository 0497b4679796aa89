using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Objects;

/// <summary>A group of the filter <c>groupby</c>: a tuple of two whose items have names.</summary>
internal sealed class GroupTuple(JinjaValue grouper, JinjaValue list) : JinjaObject
{
    private readonly JinjaValue _tuple = JinjaValue.Tuple(grouper, list);

    /// <inheritdoc/>
    public override string TypeName => "jinja2.filters._GroupTuple";

    /// <inheritdoc/>
    public override bool HasLength => true;

    /// <inheritdoc/>
    public override long Length => 2;

    /// <inheritdoc/>
    public override bool IsIterable => true;

    /// <inheritdoc/>
    public override bool IsSubscriptable => true;

    /// <summary>The group as a plain tuple.</summary>
    public JinjaValue AsTuple => _tuple;

    /// <inheritdoc/>
    public override IEnumerator<JinjaValue> Iterate(JinjaRun run) => Iteration.Begin(_tuple, run);

    /// <inheritdoc/>
    public override bool TryGetItem(in JinjaValue key, JinjaRun run, out JinjaValue value)
    {
        value = key.IsInteger ? Lookup.Item(_tuple, key, run) : default;
        return !value.IsUndefined;
    }

    /// <inheritdoc/>
    public override bool TrySlice(
        in JinjaValue start, in JinjaValue stop, in JinjaValue step, JinjaRun run, out JinjaValue value)
    {
        value = Slices.Slice(_tuple, start, stop, step, run);
        return true;
    }

    /// <inheritdoc/>
    public override bool TryGetAttribute(string name, JinjaRun run, out JinjaValue value)
    {
        value = name switch
        {
            "grouper" => grouper,
            "list" => list,
            _ => default,
        };
        return name is "grouper" or "list";
    }

    /// <inheritdoc/>
    public override bool IsEqualTo(JinjaObject other, JinjaRun? run) =>
        other is GroupTuple group && Comparison.AreEqual(_tuple, group.AsTuple, run);

    /// <inheritdoc/>
    public override void WriteRepr(JinjaText text) => PythonText.AppendRepr(text, _tuple);
}
