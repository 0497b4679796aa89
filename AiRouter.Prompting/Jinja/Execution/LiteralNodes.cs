using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>A value that is always the same.</summary>
internal sealed class ConstantNode : ExpressionNode
{
    private readonly JinjaValue _value;
    private readonly Literal? _text;

    public ConstantNode(in JinjaValue value)
    {
        _value = value;
        _text = value.TryGetString(out var text) ? new Literal(text) : null;
    }

    public JinjaValue Value => _value;

    public override JinjaValue Evaluate(Activation activation) => _value;

    public override void Write(Activation activation)
    {
        if (_text is null)
        {
            base.Write(activation);
        }
        else
        {
            activation.Run.Text.Write(_text);
        }
    }
}

/// <summary>A list or tuple.</summary>
internal sealed class SequenceNode(ExpressionNode[] items, bool isTuple, int offset) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        activation.Run.At = offset;
        activation.Run.Reserve(items.Length);
        var values = new JinjaValue[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            values[i] = items[i].Evaluate(activation);
        }

        return isTuple ? JinjaValue.Tuple(values) : JinjaValue.List(values);
    }
}

/// <summary>A dictionary.</summary>
internal sealed class DictNode((ExpressionNode Key, ExpressionNode Value)[] items, int offset) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        activation.Run.At = offset;
        activation.Run.Reserve(items.Length);
        var dict = new JinjaDict(items.Length);
        foreach (var (key, value) in items)
        {
            var name = key.Evaluate(activation);
            var item = value.Evaluate(activation);
            activation.Run.At = offset;
            dict.Set(name, item);
        }

        return JinjaValue.From(dict);
    }
}
