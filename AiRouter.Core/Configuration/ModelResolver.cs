using System.Collections.Frozen;
using AiRouter.Core.Keys;

namespace AiRouter.Core.Configuration;

/// <summary>
/// Finds the model for a name: exact, then the pattern with the longest literal part (ties: ordinal order of the pattern),
/// then the operation's default (R10). However many models there are, a name costs a few look-ups.
/// </summary>
public sealed class ModelResolver
{
    private readonly FrozenDictionary<string, RoutedModel> _exact;
    private readonly (WildcardPattern Pattern, RoutedModel Model)[] _patterns;
    private readonly WildcardTable _byPattern;
    private readonly FrozenDictionary<string, string> _defaults;
    private readonly WildcardPattern[] _accept;
    private readonly WildcardTable _byAccept;

    /// <summary>Prepares the look-up tables.</summary>
    /// <param name="models">All models; their names are exact or patterns.</param>
    /// <param name="defaults">Operation to the public name of its default model.</param>
    /// <param name="accept">Patterns of unknown names that the default model answers.</param>
    public ModelResolver(
        IEnumerable<RoutedModel> models, IEnumerable<KeyValuePair<string, string>> defaults, IEnumerable<string> accept)
    {
        var all = models.ToList();
        _exact = all.Where(m => !m.Name.Contains('*')).ToFrozenDictionary(m => m.Name, StringComparer.Ordinal);
        _patterns = [.. all.Where(m => m.Name.Contains('*'))
            .Select(m => (Pattern: new WildcardPattern(m.Name), Model: m))
            .OrderByDescending(p => p.Pattern.LiteralLength).ThenBy(p => p.Pattern.Pattern, StringComparer.Ordinal)];
        _byPattern = new WildcardTable(_patterns.Select(p => p.Pattern));
        _defaults = defaults.ToFrozenDictionary(StringComparer.Ordinal);
        _accept = [.. accept.Select(a => new WildcardPattern(a))];
        _byAccept = new WildcardTable(_accept);
        All = [.. all.OrderBy(m => m.Name, StringComparer.Ordinal)];
    }

    /// <summary>Every model, in the ordinal order of names.</summary>
    public IReadOnlyList<RoutedModel> All { get; }

    /// <summary>The model for <paramref name="name"/> (null: the request names none), or null when nobody serves it.</summary>
    /// <param name="name">What the client sent.</param>
    /// <param name="operation">Chooses the default model.</param>
    public ResolvedModel? Resolve(string? name, string operation)
    {
        if (!string.IsNullOrEmpty(name))
        {
            if (Find(name) is { } model)
            {
                return new ResolvedModel(model, name, IsDefault: false);
            }

            if (_byAccept.Find(name) < 0)
            {
                return null;
            }
        }

        return _defaults.TryGetValue(operation, out var standIn) && Find(standIn) is { } byDefault
            ? new ResolvedModel(byDefault, standIn, IsDefault: true)
            : null;
    }

    /// <summary>Every model whose name or pattern fits, in the order of the look-up: the first one answers. For explanations.</summary>
    /// <param name="name">What a client would send.</param>
    public IReadOnlyList<RoutedModel> Fitting(string name) =>
    [
        .. _exact.TryGetValue(name, out var exact) ? [exact] : Array.Empty<RoutedModel>(),
        .. _patterns.Where(p => p.Pattern.IsMatch(name)).Select(p => p.Model),
    ];

    /// <summary>The pattern that lets the default model answer for an unknown name; null: none does. For explanations.</summary>
    /// <param name="name">What a client would send.</param>
    public string? Accepting(string name) => _accept.FirstOrDefault(a => a.IsMatch(name))?.Pattern;

    /// <summary>The name of an operation's default model; null: it has none.</summary>
    /// <param name="operation">The operation.</param>
    public string? DefaultOf(string operation) => _defaults.GetValueOrDefault(operation);

    private RoutedModel? Find(string name)
    {
        if (_exact.TryGetValue(name, out var exact))
        {
            return exact;
        }

        return _byPattern.Find(name) is >= 0 and var at ? _patterns[at].Model : null;
    }
}
