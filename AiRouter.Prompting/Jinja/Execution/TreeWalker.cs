using AiRouter.Prompting.Jinja.Syntax;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>Goes through a template in the order in which Jinja2's own visitors do.</summary>
internal abstract class TreeWalker
{
    public void Visit(IReadOnlyList<Statement> body)
    {
        foreach (var statement in body)
        {
            Visit(statement);
        }
    }

    public virtual void Visit(Statement statement)
    {
        switch (statement)
        {
            case Output output:
                VisitAll(output.Parts);
                break;
            case If branches:
                foreach (var branch in branches.Branches)
                {
                    Visit(branch.Test);
                    Visit(branch.Body);
                }

                Visit(branches.Else);
                break;
            case For loop:
                VisitTarget(loop.Target);
                Visit(loop.Source);
                Visit(loop.Body);
                Visit(loop.Else);
                VisitOptional(loop.Test);
                break;
            case Set set:
                Visit(set.Value);
                VisitTarget(set.Target);
                break;
            case SetBlock block:
                VisitTarget(block.Target);
                VisitOptional(block.Filter);
                Visit(block.Body);
                break;
            case With block:
                foreach (var (target, value) in block.Assignments)
                {
                    Declare(target);
                    Visit(value);
                }

                Visit(block.Body);
                break;
            case FilterBlock block:
                Visit(block.Body);
                Visit(block.Filter);
                break;
            case Macro macro:
                VisitMacro(macro.Definition);
                break;
            case CallBlock block:
                Visit(block.Call);
                VisitMacro(block.Definition);
                break;
            case Generation generation:
                VisitMacro(generation.Definition);
                break;
            default:
                break;
        }
    }

    public virtual void Visit(Expression expression)
    {
        switch (expression)
        {
            case NameExpression name:
                Read(name.Name);
                break;
            case NamespaceTarget target:
                Read(target.Name);
                break;
            case TupleLiteral tuple:
                VisitAll(tuple.Items);
                break;
            case ListLiteral list:
                VisitAll(list.Items);
                break;
            case DictLiteral dict:
                foreach (var (key, value) in dict.Items)
                {
                    Visit(key);
                    Visit(value);
                }

                break;
            case Conditional conditional:
                Visit(conditional.Test);
                Visit(conditional.Then);
                VisitOptional(conditional.Else);
                break;
            case Comparisons comparisons:
                Visit(comparisons.First);
                VisitAll(comparisons.Rest.Select(static comparand => comparand.Operand));
                break;
            case Concatenation concatenation:
                VisitAll(concatenation.Items);
                break;
            case SliceExpression slice:
                VisitOptional(slice.Start);
                VisitOptional(slice.Stop);
                VisitOptional(slice.Step);
                break;
            default:
                VisitOperand(expression);
                break;
        }
    }

    protected abstract void Read(string name);

    protected abstract void Write(string name);

    /// <summary>A target that is set before its scope begins.</summary>
    protected virtual void Declare(Expression target) => VisitTarget(target);

    protected void VisitTarget(Expression target)
    {
        switch (target)
        {
            case NameExpression name:
                Write(name.Name);
                break;
            case TupleLiteral tuple:
                foreach (var item in tuple.Items)
                {
                    VisitTarget(item);
                }

                break;
            default:
                Visit(target);
                break;
        }
    }

    protected void VisitOptional(Expression? expression)
    {
        if (expression is not null)
        {
            Visit(expression);
        }
    }

    private void VisitAll(IEnumerable<Expression> expressions)
    {
        foreach (var expression in expressions)
        {
            Visit(expression);
        }
    }

    private void VisitOperand(Expression expression)
    {
        switch (expression)
        {
            case Binary binary:
                Visit(binary.Left);
                Visit(binary.Right);
                break;
            case Logical logical:
                Visit(logical.Left);
                Visit(logical.Right);
                break;
            case Signed signed:
                Visit(signed.Operand);
                break;
            case Not not:
                Visit(not.Operand);
                break;
            case AttributeExpression attribute:
                Visit(attribute.Owner);
                break;
            case ItemExpression item:
                Visit(item.Owner);
                Visit(item.Key);
                break;
            case CallExpression call:
                Visit(call.Callee);
                VisitArguments(call.Arguments);
                break;
            case FilterExpression filter:
                VisitOptional(filter.Operand);
                VisitArguments(filter.Arguments);
                break;
            case TestExpression test:
                Visit(test.Operand);
                VisitArguments(test.Arguments);
                break;
            default:
                break;
        }
    }

    private void VisitArguments(Arguments arguments)
    {
        VisitAll(arguments.Positional);
        VisitAll(arguments.Named.Select(static argument => argument.Value));
        VisitOptional(arguments.Spread);
        VisitOptional(arguments.NamedSpread);
    }

    private void VisitMacro(MacroBody macro)
    {
        foreach (var parameter in macro.Parameters)
        {
            Declare(parameter);
        }

        VisitAll(macro.Defaults);
        Visit(macro.Body);
    }
}
