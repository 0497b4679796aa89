using AiRouter.Prompting.Jinja.Library;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary><c>a(arguments)</c>. A macro that is called in an output statement writes straight to the output.</summary>
internal sealed class CallNode(ExpressionNode callee, ArgumentNodes arguments, int offset) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        var target = callee.Evaluate(activation);
        ArgumentRoom room = default;
        var call = arguments.Prepare(activation, room);
        activation.Run.At = offset;
        activation.Run.Spend(1);
        return Lookup.Call(target, call);
    }

    public override void Write(Activation activation)
    {
        var target = callee.Evaluate(activation);
        ArgumentRoom room = default;
        var call = arguments.Prepare(activation, room);
        activation.Run.At = offset;
        activation.Run.Spend(1);
        if (target.Reference is MacroObject macro)
        {
            macro.Write(call);
        }
        else
        {
            activation.Run.Text.Write(Lookup.Call(target, call), activation.Run);
        }
    }
}

/// <summary><c>a.name(arguments)</c>: of Python's types the method is called without an object being made of it.</summary>
internal sealed class MethodCallNode(AttributeNode method, ArgumentNodes arguments, int offset) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        var owner = method.Owner.Evaluate(activation);
        var run = activation.Run;
        run.At = method.Offset;
        if (Lookup.Method(owner, method.Name) is { } function)
        {
            ArgumentRoom room = default;
            var call = arguments.Prepare(activation, room);
            run.At = offset;
            run.Spend(1);
            return function(owner, call);
        }

        return Call(Lookup.Attribute(owner, method.Name, run), activation);
    }

    private JinjaValue Call(in JinjaValue target, Activation activation)
    {
        ArgumentRoom room = default;
        var call = arguments.Prepare(activation, room);
        activation.Run.At = offset;
        activation.Run.Spend(1);
        return Lookup.Call(target, call);
    }
}

/// <summary><c>a|name(arguments)</c>.</summary>
internal sealed class FilterNode(JinjaFilter filter, ExpressionNode operand, ArgumentNodes arguments, int offset)
    : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        var value = operand.Evaluate(activation);
        ArgumentRoom room = default;
        var call = arguments.Prepare(activation, room);
        activation.Run.At = offset;
        activation.Run.Spend(1);
        return filter(value, call);
    }
}

/// <summary><c>a is name(arguments)</c>.</summary>
internal sealed class TestNode(JinjaTest test, ExpressionNode operand, ArgumentNodes arguments, int offset) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation) => JinjaValue.From(IsTrue(activation));

    public override bool IsTrue(Activation activation)
    {
        var value = operand.Evaluate(activation);
        ArgumentRoom room = default;
        var call = arguments.Prepare(activation, room);
        activation.Run.At = offset;
        return test(value, call);
    }
}

/// <summary><c>a is defined</c>, <c>a is none</c>, <c>a is string</c>, …: tests that look at nothing but the kind.</summary>
internal sealed class KindTestNode(int kinds, ExpressionNode operand) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation) => JinjaValue.From(IsTrue(activation));

    public override bool IsTrue(Activation activation) => Has(operand.Evaluate(activation).Kind);

    public override bool? IsTrueForCharacters(int slot) =>
        operand is LocalNode variable && variable.Is(slot) ? Has(JinjaKind.String)
        : operand.IsUndefinedForCharacters(slot) ? Has(JinjaKind.Undefined)
        : null;

    private bool Has(JinjaKind kind) => (kinds & (1 << (int)kind)) != 0;
}

/// <summary>A filter or test that does not exist, in a branch that may never be taken: an error when it is.</summary>
internal sealed class MissingNode(string what, int offset) : ExpressionNode
{
    public override JinjaValue Evaluate(Activation activation)
    {
        activation.Run.At = offset;
        throw new JinjaValueException("TemplateRuntimeError", what);
    }
}
