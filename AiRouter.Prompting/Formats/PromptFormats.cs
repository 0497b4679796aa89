using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace AiRouter.Prompting.Formats;

/// <summary>The prompt formats by name.</summary>
public sealed class PromptFormats
{
    private readonly FrozenDictionary<string, IPromptFormat> _formats;

    /// <summary>Keeps <paramref name="formats"/>; no two may have one name.</summary>
    public PromptFormats(IEnumerable<IPromptFormat> formats)
    {
        _formats = formats.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);
    }

    /// <summary>The formats that need no file.</summary>
    public static PromptFormats BuiltIn { get; } = new([new PlainFormat()]);

    /// <summary>Every name, sorted.</summary>
    public IReadOnlyList<string> Names => [.. _formats.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The format called <paramref name="name"/>.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out IPromptFormat? format) => _formats.TryGetValue(name, out format);
}
