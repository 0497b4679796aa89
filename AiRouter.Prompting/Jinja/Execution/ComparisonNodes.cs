using AiRouter.Prompting.Jinja.Syntax;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary><c>a &lt; b</c>.</summary>
internal sealed class ComparisonNode(ComparisonOperator kind, ExpressionNode left, ExpressionNode right, int offset)
    : ExpressionNode
{
    public static bool Compare(ComparisonOperator kind, in JinjaValue left, in JinjaValue right, JinjaRun run) => kind switch
    {
        ComparisonOperator.Equal => Comparison.AreEqual(left, right, run),
        ComparisonOperator.NotEqual => !Comparison.AreEqual(left, right, run),
        ComparisonOperator.Less => Comparison.IsLess(left, right, run),
        ComparisonOperator.LessOrEqual => Comparison.IsLessOrEqual(left, right, run),
        ComparisonOperator.Greater => Comparison.IsGreater(left, right, run),
        ComparisonOperator.GreaterOrEqual => Comparison.IsGreaterOrEqual(left, right, run),
        ComparisonOperator.In => Iteration.Contains(right, left, run),
        _ => !Iteration.Contains(right, left, run),
    };

    public override JinjaValue Evaluate(Activation activation) => JinjaValue.From(IsTrue(activation));

    public override bool IsTrue(Activation activation)
    {
        var first = left.Evaluate(activation);
        var second = right.Evaluate(activation);
        activation.Run.At = offset;
        return Compare(kind, first, second, activation.Run);
    }
}

/// <summary><c>a == 'text'</c>, the most frequent one.</summary>
internal sealed class TextEqualNode(ExpressionNode operand, string text, bool isEqual) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation) => JinjaValue.From(IsTrue(activation));

    public override bool IsTrue(Activation activation)
    {
        var value = operand.Evaluate(activation);
        return isEqual == (value.Kind == JinjaKind.String && value.AsString == text);
    }

    public override bool? IsTrueForCharacters(int slot) => operand.IsUndefinedForCharacters(slot) ? !isEqual : null;
}

/// <summary><c>a &lt; b &lt; c</c>.</summary>
internal sealed class ComparisonChainNode(
    ExpressionNode first, (ComparisonOperator Operator, ExpressionNode Operand)[] rest, int offset) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation) => JinjaValue.From(IsTrue(activation));

    public override bool IsTrue(Activation activation)
    {
        var left = first.Evaluate(activation);
        foreach (var (kind, operand) in rest)
        {
            var right = operand.Evaluate(activation);
            activation.Run.At = offset;
            if (!ComparisonNode.Compare(kind, left, right, activation.Run))
            {
                return false;
            }

            left = right;
        }

        return true;
    }
}
