using AiRouter.Prompting.Jinja.Syntax;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>Whether a body, with everything inside, reads a special name before it sets it, and whether it sets it at all.</summary>
internal sealed class NameUse(string wanted) : TreeWalker
{
    private bool _isHidden;

    /// <summary>Whether it reads the name before it sets it.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Whether it assigns to the name; a parameter of that name does not count.</summary>
    public bool IsAssigned { get; private set; }

    public static NameUse Of(string name, IReadOnlyList<Statement> body)
    {
        var use = new NameUse(name);
        use.Visit(body);
        return use;
    }

    protected override void Read(string name) => IsRead |= name == wanted && !_isHidden;

    protected override void Write(string name)
    {
        IsAssigned |= name == wanted;
        _isHidden |= name == wanted;
    }

    protected override void Declare(Expression target)
    {
        var isAssigned = IsAssigned;
        VisitTarget(target);
        IsAssigned = isAssigned;
    }
}
