using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary><c>a.name</c>.</summary>
internal sealed class AttributeNode(ExpressionNode owner, JinjaName name, int offset) : ExpressionNode
{
    public ExpressionNode Owner => owner;

    public JinjaName Name => name;

    public int Offset => offset;

    public override JinjaValue Evaluate(Activation activation)
    {
        var value = owner.Evaluate(activation);
        activation.Run.At = offset;
        return Lookup.Attribute(value, name, activation.Run);
    }

    public override bool IsUndefinedForCharacters(int slot) => NamedItemNode.IsNoPartOfCharacters(owner, name, slot);
}

/// <summary><c>a['name']</c>.</summary>
internal sealed class NamedItemNode(ExpressionNode owner, JinjaName name, int offset) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        var value = owner.Evaluate(activation);
        activation.Run.At = offset;
        return Lookup.Item(value, name, activation.Run);
    }

    /// <summary>Whether the owner is the variable, and a text has nothing of that name.</summary>
    public static bool IsNoPartOfCharacters(ExpressionNode owner, JinjaName name, int slot) =>
        owner is LocalNode variable && variable.Is(slot) && name is { OfString: null, IsReserved: false };

    public override bool IsUndefinedForCharacters(int slot) => IsNoPartOfCharacters(owner, name, slot);
}

/// <summary><c>a[key]</c>.</summary>
internal sealed class ItemNode(ExpressionNode owner, ExpressionNode key, int offset) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        var value = owner.Evaluate(activation);
        var index = key.Evaluate(activation);
        activation.Run.At = offset;
        return Lookup.Item(value, index, activation.Run);
    }
}

/// <summary><c>a[start:stop:step]</c>.</summary>
internal sealed class SliceNode(
    ExpressionNode owner, ExpressionNode start, ExpressionNode stop, ExpressionNode step, int offset) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        var value = owner.Evaluate(activation);
        var from = start.Evaluate(activation);
        var to = stop.Evaluate(activation);
        var by = step.Evaluate(activation);
        activation.Run.At = offset;
        return Slices.Slice(value, from, to, by, activation.Run);
    }
}

/// <summary><c>loop.name</c>, without a search for the name at run time.</summary>
internal sealed class LoopAttributeNode(ExpressionNode owner, LoopAttribute attribute, AttributeNode general) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        if (owner.Evaluate(activation).Reference is not LoopContext loop)
        {
            return general.Evaluate(activation);
        }

        // What a loop runs over may be made now, to know how long it is.
        activation.Run.At = general.Offset;
        return loop.Get(attribute, activation.Run);
    }

    public override bool IsTrue(Activation activation)
    {
        if (owner.Evaluate(activation).Reference is not LoopContext loop)
        {
            return general.IsTrue(activation);
        }

        activation.Run.At = general.Offset;
        return attribute switch
        {
            LoopAttribute.First => loop.IsFirst,
            LoopAttribute.Last => loop.IsLast,
            _ => loop.Get(attribute, activation.Run).IsTrue,
        };
    }
}
