using AiRouter.Prompting.Jinja.Syntax;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>Whether a template could make markup: it has a filter that does, or a text that names one (for <c>map</c>).</summary>
internal sealed class MarkupUse : TreeWalker
{
    private bool _isFound;

    public static bool IsIn(IReadOnlyList<Statement> body)
    {
        var use = new MarkupUse();
        use.Visit(body);
        return use._isFound;
    }

    public override void Visit(Expression expression)
    {
        _isFound |= expression switch
        {
            FilterExpression filter => MakesMarkup(filter.Name) || (filter.Name == "map" && !NamesFilter(filter.Arguments)),
            Constant { Value: var value } => value.TryGetString(out var text) && MakesMarkup(text),
            _ => false,
        };
        base.Visit(expression);
    }

    protected override void Read(string name)
    {
    }

    protected override void Write(string name)
    {
    }

    private static bool MakesMarkup(string name) => name is "safe" or "escape" or "e" or "forceescape" or "urlize" or "xmlattr";

    // A map by attribute, or by a filter whose name stands there as text.
    private static bool NamesFilter(Arguments arguments) =>
        arguments.Spread is null && (arguments.Positional.Count == 0 || arguments.Positional[0] is Constant);
}
