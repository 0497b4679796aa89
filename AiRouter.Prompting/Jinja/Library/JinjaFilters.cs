using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace AiRouter.Prompting.Jinja.Library;

/// <summary>The filters by name.</summary>
internal static class JinjaFilters
{
    private static readonly FrozenDictionary<string, JinjaFilter> ByName = new Dictionary<string, JinjaFilter>()
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The filter <paramref name="name"/>; templates name it as they are parsed.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out JinjaFilter? filter) => ByName.TryGetValue(name, out filter);
}
