using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>
/// <c>a + b + c</c>, from left to right. Texts, which most sums in chat templates are of, are put together once, and in an
/// output statement not at all: they are written one after the other.
/// </summary>
/// <param name="operands">What is added, at least two.</param>
/// <param name="offsets">Where each operand's <c>+</c> stands; the first has none.</param>
/// <param name="mayHaveMarkup">Whether the template can make markup, which <c>+</c> would escape.</param>
internal sealed class SumNode(ExpressionNode[] operands, int[] offsets, bool mayHaveMarkup) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        var first = operands[0].Evaluate(activation);
        if (first.Kind != JinjaKind.String || mayHaveMarkup || operands.Length > Texts.Room)
        {
            return AddFrom(1, first, activation);
        }

        Texts texts = default;
        texts[0] = first.AsString;
        long length = texts[0].Length;
        for (var i = 1; i < operands.Length; i++)
        {
            var text = Next(i, first, activation);
            texts[i] = text;
            length += text.Length;
        }

        activation.Run.Reserve(length);
        return JinjaValue.From(string.Concat(((ReadOnlySpan<string>)texts)[..operands.Length]));
    }

    public override void Write(Activation activation)
    {
        var first = operands[0].Evaluate(activation);
        if (first.Kind != JinjaKind.String || mayHaveMarkup)
        {
            var sum = AddFrom(1, first, activation);
            activation.Run.Text.Write(sum, activation.Run);
            return;
        }

        activation.Run.Text.Write(first.AsString);
        for (var i = 1; i < operands.Length; i++)
        {
            if (operands[i] is ConstantNode { Value.IsString: true } constant)
            {
                constant.Write(activation);
            }
            else
            {
                activation.Run.Text.Write(Next(i, first, activation));
            }
        }
    }

    /// <summary>An operand that is added to text, <paramref name="left"/>, and so must be text.</summary>
    private string Next(int index, in JinjaValue left, Activation activation)
    {
        var value = operands[index].Evaluate(activation);
        if (value.TryGetString(out var text))
        {
            return text;
        }

        activation.Run.At = offsets[index];
        return Arithmetic.Add(left, value, activation.Run).TryGetString(out text)
            ? text
            : throw new JinjaValueException("TypeError", "only a text can be added to a text");
    }

    private JinjaValue AddFrom(int index, JinjaValue sum, Activation activation)
    {
        for (; index < operands.Length; index++)
        {
            var operand = operands[index].Evaluate(activation);
            activation.Run.At = offsets[index];
            sum = Arithmetic.Add(sum, operand, activation.Run);
        }

        return sum;
    }
}
