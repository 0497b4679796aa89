using AiRouter.Prompting.Jinja.Syntax;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary><c>- * / // % **</c>; <c>+</c> is a <see cref="SumNode"/>.</summary>
internal sealed class ArithmeticNode(TokenKind kind, ExpressionNode left, ExpressionNode right, int offset) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        var first = left.Evaluate(activation);
        var second = right.Evaluate(activation);
        var run = activation.Run;
        run.At = offset;
        return kind switch
        {
            TokenKind.Sub => Arithmetic.Subtract(first, second),
            TokenKind.Mul => Arithmetic.Multiply(first, second, run),
            TokenKind.Div => Arithmetic.Divide(first, second),
            TokenKind.FloorDiv => Arithmetic.FloorDivide(first, second),
            TokenKind.Mod => Arithmetic.Modulo(first, second, run),
            _ => Arithmetic.Power(first, second, run),
        };
    }
}

/// <summary>A sign.</summary>
internal sealed class SignedNode(bool isNegative, ExpressionNode operand, int offset) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        var value = operand.Evaluate(activation);
        activation.Run.At = offset;
        return isNegative ? Arithmetic.Negate(value) : Arithmetic.Plus(value);
    }
}

/// <summary><c>not</c>.</summary>
internal sealed class NotNode(ExpressionNode operand) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation) => JinjaValue.From(!operand.IsTrue(activation));

    public override bool IsTrue(Activation activation) => !operand.IsTrue(activation);

    public override bool? IsTrueForCharacters(int slot) => !operand.IsTrueForCharacters(slot);
}

/// <summary><c>and</c>, <c>or</c>: one of the operands.</summary>
internal sealed class LogicalNode(bool isAnd, ExpressionNode left, ExpressionNode right) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        var first = left.Evaluate(activation);
        return first.IsTrue == isAnd ? right.Evaluate(activation) : first;
    }

    public override bool IsTrue(Activation activation) =>
        isAnd
            ? left.IsTrue(activation) && right.IsTrue(activation)
            : left.IsTrue(activation) || right.IsTrue(activation);

    public override bool? IsTrueForCharacters(int slot)
    {
        var first = left.IsTrueForCharacters(slot);
        return first == isAnd ? right.IsTrueForCharacters(slot) : first;
    }
}

/// <summary><c>a if b else c</c>.</summary>
internal sealed class ConditionalNode(ExpressionNode test, ExpressionNode then, ExpressionNode otherwise) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation) =>
        test.IsTrue(activation) ? then.Evaluate(activation) : otherwise.Evaluate(activation);

    public override bool IsTrue(Activation activation) =>
        test.IsTrue(activation) ? then.IsTrue(activation) : otherwise.IsTrue(activation);

    public override void Write(Activation activation)
    {
        if (test.IsTrue(activation))
        {
            then.Write(activation);
        }
        else
        {
            otherwise.Write(activation);
        }
    }
}
