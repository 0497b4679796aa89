using AiRouter.Prompting.Jinja.Syntax;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>Refuses expressions that are so deep that evaluating them could exhaust the stack.</summary>
internal sealed class NestingGuard(JinjaSource source) : TreeWalker
{
    private const int Deepest = 500;

    private int _depth;

    public override void Visit(Expression expression)
    {
        if (++_depth > Deepest)
        {
            throw source.SyntaxError(
                expression.Offset, "too deeply nested", $"{Deepest} operators inside each other are the most; use set.");
        }

        base.Visit(expression);
        _depth--;
    }

    protected override void Read(string name)
    {
    }

    protected override void Write(string name)
    {
    }
}
