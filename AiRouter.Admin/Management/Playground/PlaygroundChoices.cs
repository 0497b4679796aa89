using AiRouter.Admin.Management.Keys;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Playground;

/// <summary>What there is to choose from in the playground.</summary>
internal sealed class PlaygroundChoices
{
    private const int ShownPatterns = 5;

    private readonly Dictionary<string, KeyView> _byName = new(StringComparer.Ordinal);

    /// <summary>Of these.</summary>
    /// <param name="config">The document; null: there is none yet.</param>
    /// <param name="keys">All keys.</param>
    /// <param name="noRouter">Why nobody can be asked; null: somebody can.</param>
    public PlaygroundChoices(RouterConfig? config, IReadOnlyList<KeyView> keys, string? noRouter)
    {
        var models = (config?.Models ?? new Dictionary<string, ModelConfig>())
            .Where(static m => m.Value.Operations is null || m.Value.Operations.Contains(Operations.Chat)).Select(static m => m.Key)
            .Order(StringComparer.OrdinalIgnoreCase).ToList();
        Patterns = [.. models.Where(static m => m.Contains('*'))];
        Models = [.. models.Where(static m => !m.Contains('*')), .. Patterns];
        Suggested = config?.Defaults.Chat ?? Models.FirstOrDefault(static m => !m.Contains('*')) ?? "";
        NoRouter = noRouter;
        foreach (var key in keys)
        {
            // A key of the document can be called as one of the store is.
            var name = _byName.ContainsKey(key.Name) ? $"{key.Name} ({key.Id})" : key.Name;
            _byName[name] = key;
        }

        KeyNames = [.. _byName.Keys.Order(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Names for chat; patterns last.</summary>
    public IReadOnlyList<string> Models { get; }

    /// <summary>Patterns among them.</summary>
    public IReadOnlyList<string> Patterns { get; }

    /// <summary>The name to begin with; empty: there is none.</summary>
    public string Suggested { get; }

    /// <summary>What keys are called here.</summary>
    public IReadOnlyList<string> KeyNames { get; }

    /// <summary>Why nobody can be asked.</summary>
    public string? NoRouter { get; }

    /// <summary>What the field of the model says about patterns.</summary>
    public string PatternHint => Patterns.Count == 0
        ? "As a client would write it."
        : $"As a client would write it; names that fit {string.Join(", ", Patterns.Take(ShownPatterns))}{(Patterns.Count > ShownPatterns ? ", …" : "")} work too.";

    /// <summary>The key that is called so here; null: none.</summary>
    public KeyView? Find(string name) => _byName.GetValueOrDefault(name.Trim());

    /// <summary>What a key is called here; null: there is none.</summary>
    public string? NameOf(string? id) => id is null ? null : _byName.FirstOrDefault(k => k.Value.Id == id).Key;

    /// <summary>What to know of a key before one asks as it.</summary>
    public static string HintOf(KeyView key) => key.Status != KeyStatus.Active
        ? $"This key is {key.Status.ToString().ToLowerInvariant()}: the router will refuse it."
        : key.Models is { } models
            ? models.Count == 0 ? "This key may use no model." : $"May use {string.Join(", ", models.Take(ShownPatterns))}{(models.Count > ShownPatterns ? ", …" : "")}."
            : "May use every model.";
}
