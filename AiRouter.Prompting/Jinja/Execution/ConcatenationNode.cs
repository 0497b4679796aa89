using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>
/// <c>a ~ b</c>: the texts of the values, plain even of markup. In an output statement they are written one after the other.
/// </summary>
internal sealed class ConcatenationNode(ExpressionNode[] operands, int offset) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        Texts few = default;
        var texts = operands.Length <= Texts.Room ? ((Span<string>)few)[..operands.Length] : new string[operands.Length];
        var length = 0L;
        for (var i = 0; i < texts.Length; i++)
        {
            var value = operands[i].Evaluate(activation);
            activation.Run.At = offset;
            texts[i] = PythonText.Str(value, activation.Run);
            length += texts[i].Length;
        }

        activation.Run.Reserve(length);
        return JinjaValue.From(string.Concat(texts));
    }

    public override void Write(Activation activation)
    {
        foreach (var operand in operands)
        {
            operand.Write(activation);
        }
    }
}
