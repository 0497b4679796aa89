using System.Collections.Frozen;
using System.Collections.Immutable;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Tests.Fixtures;

/// <summary>A configuration made by hand, changed by <see cref="Update"/>. An <c>apiKey</c> but <c>forward</c> is the secret itself.</summary>
internal sealed class FixedConfiguration(RouterConfig config) : IRouterConfiguration
{
    private readonly List<Action<RouterModel>> _listeners = [];
    private int _version = 1;

    public RouterModel? Current { get; private set; } = ModelOf(config, "1");

    public IDisposable OnChange(Action<RouterModel> changed)
    {
        _listeners.Add(changed);
        return new Subscription(() => _listeners.Remove(changed));
    }

    public void Update(RouterConfig changed)
    {
        Current = ModelOf(changed, $"{++_version}");
        foreach (var listener in _listeners.ToArray())
        {
            listener(Current);
        }
    }

    public static RouterModel ModelOf(RouterConfig config, string version)
    {
        var backends = config.Backends.ToFrozenDictionary(
            b => b.Key,
            b => new BackendModel(b.Key, b.Value, Credential(b.Value.ApiKey), [.. b.Value.Headers]));
        var models = config.Models.Select(m => new RoutedModel(
            m.Key, m.Value, [.. m.Value.Targets.Select((t, i) => new TargetModel(i, backends[t.Backend], t))]));
        return new RouterModel
        {
            Config = config,
            Version = version,
            Backends = backends,
            Models = new ModelResolver(models, Defaults(config.Defaults), config.Defaults.Accept),
            Keys = new ClientKeys(config.Keys.Select(Key)),
        };
    }

    private static BackendCredential Credential(string? apiKey) => apiKey switch
    {
        null => new BackendCredential(CredentialKind.None, null),
        "forward" => new BackendCredential(CredentialKind.Forward, null),
        _ => new BackendCredential(CredentialKind.Own, apiKey),
    };

    private static IEnumerable<KeyValuePair<string, string>> Defaults(DefaultsConfig defaults) =>
        new (string Operation, string? Model)[]
        {
            (Operations.Chat, defaults.Chat),
            (Operations.Completions, defaults.Completions),
            (Operations.Embeddings, defaults.Embeddings),
            (Operations.Responses, defaults.Responses),
            (Operations.Moderations, defaults.Moderations),
            (Operations.Images, defaults.Images),
            (Operations.Speech, defaults.Speech),
            (Operations.Transcriptions, defaults.Transcriptions),
            (Operations.Translations, defaults.Transcriptions),
            (Operations.Rerank, defaults.Rerank),
            (Operations.Score, defaults.Rerank),
        }.Where(d => d.Model is not null).Select(d => KeyValuePair.Create(d.Operation, d.Model!));

    private static ClientKey Key(KeyConfig key) => new()
    {
        Name = key.Name,
        Hash = Convert.FromHexString(key.Hash["sha256:".Length..]),
        Models = key.Models?.Select(m => new WildcardPattern(m)).ToImmutableArray(),
        Operations = key.Operations?.ToFrozenSet(),
        Expires = key.Expires,
        Disabled = key.Disabled,
    };

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
