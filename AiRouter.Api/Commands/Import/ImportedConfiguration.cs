using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Api.Commands.Import;

/// <summary>The configuration while it is put together, and where each part of it came from.</summary>
internal sealed class ImportedConfiguration
{
    private readonly Dictionary<string, SourceValue> _origins = new(StringComparer.Ordinal);

    public Dictionary<string, BackendConfig> Backends { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ModelConfig> Models { get; } = new(StringComparer.Ordinal);

    public List<KeyConfig> Keys { get; } = [];

    public DefaultsConfig Defaults { get; set; } = new();

    public GlobalLimitsConfig Limits { get; set; } = new();

    public ServerConfig Server { get; set; } = new();

    /// <summary>As records.</summary>
    public RouterConfig Config => new()
    {
        Backends = Backends,
        Models = Models,
        Keys = Keys,
        Defaults = Defaults,
        Limits = Limits,
        Server = Server,
    };

    /// <summary>Adds a backend, or finds one that is the same; gives its name.</summary>
    public string AddBackend(string name, BackendConfig backend, SourceValue at)
    {
        name = name.Replace('*', '_').Trim();
        name = name.Length == 0 ? "backend" : name;
        var free = name;
        for (var i = 2; Backends.TryGetValue(free, out var known); i++)
        {
            if (IsSame(known, backend))
            {
                return free;
            }

            free = $"{name}-{i}";
        }

        Backends.Add(free, backend);
        _origins[DocumentPath.Of("backends", free)] = at;
        return free;
    }

    /// <summary>Adds a model, or replaces it.</summary>
    public void SetModel(string name, ModelConfig model, SourceValue at)
    {
        Models[name] = model;
        _origins.TryAdd(DocumentPath.Of("models", name), at);
    }

    /// <summary>Adds a key under a name that no other has; of two with one hash the first stays.</summary>
    public void AddKey(KeyConfig key, SourceValue at)
    {
        if (Keys.Any(k => k.Hash.Equals(key.Hash, StringComparison.OrdinalIgnoreCase)))
        {
            at.Notes.Add(at, "not imported: the same key stands above");
            return;
        }

        var name = key.Name;
        for (var i = 2; Keys.Any(k => k.Name == key.Name); i++)
        {
            key = key with { Name = $"{name}-{i}" };
        }

        Keys.Add(ImportedLimits.SwitchOffWhereNothing(key, at));
        _origins[$"key {key.Name}"] = at;
    }

    /// <summary>Adds a client key by its secret, which then is forgotten.</summary>
    public void AddSecretKey(string name, string secret, SourceValue at)
    {
        AddKey(new KeyConfig { Name = name, Hash = ClientKeySecret.HashOf(secret) }, at);
        TellIfShort(name, secret, at);
    }

    /// <summary>Says it of a secret that somebody might guess who has its hash.</summary>
    public static void TellIfShort(string name, string secret, SourceValue at)
    {
        if (secret.Length < HashKeyCommand.ShortestGoodKey)
        {
            at.Notes.AddByHand(at, $"the key \"{name}\" is short: whoever sees its hash might guess it; give its holders a new one");
        }
    }

    /// <summary>Where a part came from.</summary>
    public SourceValue? OriginOf(string path) => _origins.GetValueOrDefault(path);

    private static bool IsSame(BackendConfig one, BackendConfig other) =>
        (one with { Headers = other.Headers, Paths = other.Paths }) == other &&
        one.Headers.Count == other.Headers.Count && !one.Headers.Except(other.Headers).Any() &&
        one.Paths.Count == other.Paths.Count && !one.Paths.Except(other.Paths).Any();
}
