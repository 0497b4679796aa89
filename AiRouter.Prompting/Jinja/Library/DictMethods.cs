using System.Collections.Frozen;

namespace AiRouter.Prompting.Jinja.Library;

/// <summary>The methods of Python's <c>dict</c>.</summary>
internal static class DictMethods
{
    private static readonly FrozenDictionary<string, JinjaMethod> Methods = new Dictionary<string, JinjaMethod>()
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The method <paramref name="name"/>.</summary>
    public static JinjaMethod? Find(string name) => Methods.GetValueOrDefault(name);
}
