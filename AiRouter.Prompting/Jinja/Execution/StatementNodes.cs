using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>Text between tags.</summary>
internal sealed class TextStatement(string text, int offset) : StatementNode
{
    private readonly Literal _text = new(text);

    public override Flow Execute(Activation activation)
    {
        activation.Run.At = offset;
        activation.Run.Text.Write(_text);
        return Flow.Next;
    }
}

/// <summary>A value that is written.</summary>
internal sealed class OutputStatement(ExpressionNode value, int offset) : StatementNode
{
    public override Flow Execute(Activation activation)
    {
        activation.Run.At = offset;
        value.Write(activation);
        return Flow.Next;
    }
}

/// <summary><c>if</c>.</summary>
internal sealed class IfStatement((ExpressionNode Test, StatementNode[] Body)[] branches, StatementNode[] otherwise)
    : StatementNode
{
    public override Flow Execute(Activation activation)
    {
        foreach (ref readonly var branch in branches.AsSpan())
        {
            if (branch.Test.IsTrue(activation))
            {
                return Body.Run(branch.Body, activation);
            }
        }

        return otherwise.Length == 0 ? Flow.Next : Body.Run(otherwise, activation);
    }

    public override bool IgnoresCharacters(int slot) =>
        otherwise.Length == 0 && Array.TrueForAll(branches, branch => branch.Test.IsTrueForCharacters(slot) == false);
}

/// <summary><c>set</c>, and the definition of a macro.</summary>
internal sealed class SetStatement(TargetNode target, ExpressionNode value, int offset) : StatementNode
{
    public override Flow Execute(Activation activation)
    {
        var result = value.Evaluate(activation);
        activation.Run.At = offset;
        target.Assign(result, activation);
        return Flow.Next;
    }
}

/// <summary>A block whose text is captured, filtered perhaps, and then assigned or written.</summary>
internal sealed class CaptureStatement(
    ScopeEntry entry, StatementNode[] body, CapturedNode captured, ExpressionNode result, TargetNode? target, int offset)
    : StatementNode
{
    public override Flow Execute(Activation activation)
    {
        var text = activation.Run.Text;
        var start = text.BeginCapture();
        var flow = Body.Run(body, activation, entry);
        if (flow != Flow.Next)
        {
            text.DropCapture(start);
            return flow;
        }

        activation.Run.At = offset;
        captured.Set(JinjaValue.From(text.EndCapture(start, activation.Run)), activation);
        var value = result.Evaluate(activation);
        activation.Run.At = offset;
        if (target is null)
        {
            text.Write(value, activation.Run);
        }
        else
        {
            target.Assign(value, activation);
        }

        return Flow.Next;
    }
}

/// <summary>The text of a block, where its filter finds it.</summary>
internal sealed class CapturedNode(int slot) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation) => activation.Slots[slot];

    public void Set(in JinjaValue text, Activation activation) => activation.Slots[slot] = text;
}

/// <summary><c>with</c>.</summary>
internal sealed class WithStatement(
    ScopeEntry entry, (TargetNode Target, ExpressionNode Value)[] assignments, StatementNode[] body, int offset)
    : StatementNode
{
    public override Flow Execute(Activation activation)
    {
        entry.Apply(activation);
        foreach (var (target, expression) in assignments)
        {
            var value = expression.Evaluate(activation);
            activation.Run.At = offset;
            target.Assign(value, activation);
        }

        return Body.Run(body, activation);
    }
}

/// <summary><c>generation</c>: writes its body, which is a macro's.</summary>
internal sealed class GenerationStatement(MacroCode code) : StatementNode
{
    public override Flow Execute(Activation activation)
    {
        new MacroObject(code, activation).Write(new JinjaCall(activation.Run, []));
        return Flow.Next;
    }
}

/// <summary><c>break</c>, <c>continue</c>.</summary>
internal sealed class LoopControlStatement(Flow flow) : StatementNode
{
    public override Flow Execute(Activation activation) => flow;
}
