using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>A variable of this template or macro.</summary>
internal sealed class LocalNode(int slot, string name) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        ref readonly var value = ref activation.Slots[slot];
        return value.IsMissing ? JinjaValue.Undefined(name) : value;
    }

    public bool Is(int other) => slot == other;
}

/// <summary>A variable of the template or macro around this macro.</summary>
internal sealed class OuterNode(int hops, int slot, string name) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        ref readonly var value = ref activation.Up(hops).Slots[slot];
        return value.IsMissing ? JinjaValue.Undefined(name) : value;
    }
}

/// <summary>What the caller gave, or a function of Jinja2's.</summary>
internal sealed class GlobalNode(int index) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation) => activation.Run.Globals[index];
}
