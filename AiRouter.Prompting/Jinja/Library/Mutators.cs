using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library;

/// <summary>The methods that change a list or dictionary, which Jinja2's immutable sandbox refuses.</summary>
internal static class Mutators
{
    /// <summary>Whether the type has a method <paramref name="name"/> that would change it.</summary>
    public static bool Has(JinjaKind kind, string name) => kind switch
    {
        JinjaKind.List =>
            name is "append" or "clear" or "extend" or "insert" or "pop" or "remove" or "reverse" or "sort",
        JinjaKind.Dict => IsOfDict(name),
        _ => false,
    };

    /// <summary>Whether dictionaries have a method <paramref name="name"/> that would change them.</summary>
    public static bool IsOfDict(string name) => name is "clear" or "pop" or "popitem" or "setdefault" or "update";
}
