using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary><c>a ~ b</c>: the texts of the values. In an output statement they are written one after the other.</summary>
internal sealed class ConcatenationNode(ExpressionNode[] operands) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        var values = new JinjaValue[operands.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            values[i] = operands[i].Evaluate(activation);
        }

        return Arithmetic.Concat(values, activation.Run);
    }

    public override void Write(Activation activation)
    {
        foreach (var operand in operands)
        {
            operand.Write(activation);
        }
    }
}
