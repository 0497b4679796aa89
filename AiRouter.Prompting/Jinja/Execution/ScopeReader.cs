using AiRouter.Prompting.Jinja.Syntax;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>Tells a <see cref="Scope"/> which names its statements read and set; it stops where another scope begins.</summary>
internal sealed class ScopeReader(Scope scope) : TreeWalker
{
    private Scope _scope = scope;

    /// <summary>A target that is set before the scope begins.</summary>
    public void Begin(Expression target) => Declare(target);

    protected override void Read(string name) => _scope.Read(name);

    protected override void Write(string name) => _scope.Write(name);

    protected override void Declare(Expression target)
    {
        if (target is TupleLiteral tuple)
        {
            foreach (var item in tuple.Items)
            {
                Declare(item);
            }
        }
        else if (target is NameExpression name)
        {
            _scope.Declare(name.Name);
        }
    }

    public override void Visit(Statement statement)
    {
        switch (statement)
        {
            case If branches:
                VisitBranches(branches);
                break;
            case For loop:
                Visit(loop.Source);
                break;
            case Macro macro:
                _scope.Write(macro.Name);
                break;
            case CallBlock block:
                Visit(block.Call);
                break;
            case FilterBlock block:
                Visit(block.Filter);
                break;
            case With block:
                foreach (var (_, value) in block.Assignments)
                {
                    Visit(value);
                }

                break;
            case SetBlock block:
                VisitTarget(block.Target);
                break;
            case Generation:
                break;
            default:
                base.Visit(statement);
                break;
        }
    }

    // As Jinja2 does it: a chain of elif is a branch that holds the others' conditions and bodies.
    private void VisitBranches(If statement)
    {
        Visit(statement.Branches[0].Test);
        var whole = _scope;
        var joined = new List<Scope>
        {
            InBranch(() => Visit(statement.Branches[0].Body)),
            InBranch(() =>
            {
                foreach (var branch in statement.Branches.Skip(1))
                {
                    Visit(branch.Test);
                    var outer = _scope;
                    var inner = InBranch(() => Visit(branch.Body));
                    outer.Join([inner, outer.Branch(), outer.Branch()]);
                }
            }),
            InBranch(() => Visit(statement.Else)),
        };
        whole.Join(joined);
    }

    private Scope InBranch(Action visit)
    {
        var whole = _scope;
        var branch = whole.Branch();
        _scope = branch;
        visit();
        _scope = whole;
        return branch;
    }
}
