using AiRouter.Prompting.Jinja.Library.Objects;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>What can be assigned to.</summary>
internal abstract class TargetNode
{
    public abstract void Assign(in JinjaValue value, Activation activation);

    /// <summary>What was assigned, as Jinja2 passes it on from a loop's condition: the items of a tuple become a tuple.</summary>
    public abstract JinjaValue Assigned(Activation activation);
}

/// <summary>A variable.</summary>
internal sealed class SlotTarget(int slot) : TargetNode
{
    public int Slot => slot;

    public override void Assign(in JinjaValue value, Activation activation) => activation.Slots[slot] = value;

    public override JinjaValue Assigned(Activation activation) => activation.Slots[slot];
}

/// <summary><c>a, b</c>: the items of a value, as many as there are targets.</summary>
internal sealed class TupleTarget(TargetNode[] targets) : TargetNode
{
    public override void Assign(in JinjaValue value, Activation activation)
    {
        if (!Iteration.IsIterable(value))
        {
            throw new JinjaValueException(
                "TypeError", $"cannot unpack non-iterable {PythonTypes.NameOf(value)} object");
        }

        var items = Iteration.ToArray(value, activation.Run);
        if (items.Length != targets.Length)
        {
            throw new JinjaValueException("ValueError", items.Length > targets.Length
                ? $"too many values to unpack (expected {targets.Length})"
                : $"not enough values to unpack (expected {targets.Length}, got {items.Length})");
        }

        for (var i = 0; i < targets.Length; i++)
        {
            targets[i].Assign(items[i], activation);
        }
    }

    public override JinjaValue Assigned(Activation activation)
    {
        var items = new JinjaValue[targets.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = targets[i].Assigned(activation);
        }

        return JinjaValue.Tuple(items);
    }
}

/// <summary><c>namespace.attribute</c>.</summary>
internal sealed class AttributeTarget(ExpressionNode owner, JinjaName attribute, int offset) : TargetNode
{
    public override void Assign(in JinjaValue value, Activation activation)
    {
        activation.Run.At = offset;
        if (owner.Evaluate(activation).Reference is not JinjaNamespace target)
        {
            throw new JinjaValueException("TemplateRuntimeError", "cannot assign attribute on non-namespace object");
        }

        target.Set(attribute.Text, value);
    }

    public override JinjaValue Assigned(Activation activation) =>
        Lookup.Attribute(owner.Evaluate(activation), attribute, activation.Run);
}
