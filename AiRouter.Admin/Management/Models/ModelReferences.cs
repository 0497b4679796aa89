using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Models;

/// <summary>Where a document names a model: the defaults, other models' fallbacks, keys that it declares.</summary>
internal static class ModelReferences
{
    /// <summary>The places, as paths of the document.</summary>
    public static IReadOnlyList<string> Of(RouterConfig config, string name) =>
    [
        .. config.Defaults.ByKey().Where(d => d.Model == name).Select(static d => $"defaults.{d.Key}"),
        .. config.Models.Where(m => m.Value.Fallbacks.Any(f => f.Model == name))
            .Select(static m => $"fallbacks of {m.Key}").Order(StringComparer.Ordinal),
        .. config.Keys.Where(k => Names(k, name)).Select(static k => $"key {k.Name}").Order(StringComparer.Ordinal),
    ];

    /// <summary>The document with another name wherever it names the model. The model itself is left as it is.</summary>
    public static RouterConfig Renamed(RouterConfig config, string from, string to) => config with
    {
        Defaults = Renamed(config.Defaults, from, to),
        Models = config.Models.ToDictionary(
            static m => m.Key,
            m => m.Value.Fallbacks.Any(f => f.Model == from)
                ? m.Value with { Fallbacks = [.. m.Value.Fallbacks.Select(f => f.Model == from ? f with { Model = to } : f)] }
                : m.Value,
            StringComparer.Ordinal),
        Keys = [.. config.Keys.Select(k => Names(k, from) ? Renamed(k, from, to) : k)],
    };

    /// <summary>Whether a key names the model: in what it may use, or in limits for single models.</summary>
    public static bool Names(KeyTerms key, string name) => key.Models?.Contains(name) == true || key.ModelLimits.ContainsKey(name);

    private static DefaultsConfig Renamed(DefaultsConfig defaults, string from, string to)
    {
        return defaults with
        {
            Chat = Of(defaults.Chat),
            Completions = Of(defaults.Completions),
            Embeddings = Of(defaults.Embeddings),
            Responses = Of(defaults.Responses),
            Moderations = Of(defaults.Moderations),
            Images = Of(defaults.Images),
            Speech = Of(defaults.Speech),
            Transcriptions = Of(defaults.Transcriptions),
            Rerank = Of(defaults.Rerank),
        };

        string? Of(string? name) => name == from ? to : name;
    }

    private static KeyConfig Renamed(KeyConfig key, string from, string to) => key with
    {
        Models = key.Models is null ? null : [.. key.Models.Select(m => m == from ? to : m)],
        ModelLimits = key.ModelLimits.ToDictionary(m => m.Key == from ? to : m.Key, static m => m.Value, StringComparer.Ordinal),
    };
}
