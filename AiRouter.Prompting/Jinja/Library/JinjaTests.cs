using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace AiRouter.Prompting.Jinja.Library;

/// <summary>The tests by name.</summary>
internal static class JinjaTests
{
    private static readonly FrozenDictionary<string, JinjaTest> ByName = new Dictionary<string, JinjaTest>()
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The test <paramref name="name"/>; templates name it as they are parsed.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out JinjaTest? test) => ByName.TryGetValue(name, out test);
}
