using AiRouter.Core.Configuration;
using AiRouter.Prompting;

namespace AiRouter.Tests.Fixtures;

/// <summary>A configuration that changes only by <see cref="Update(RouterConfig)"/>, checked as every other is.</summary>
internal sealed class FixedConfiguration : IRouterConfiguration
{
    /// <summary>The secret behind <c>apiKey: env:AIROUTER_SECRET_BACKEND</c>.</summary>
    public const string BackendSecret = "sk-backend-secret";

    private readonly List<Action<RouterModel>> _listeners = [];

    public FixedConfiguration(RouterConfig config) => Current = Take(RouterConfigurationLoader.Build(config, Source("")));

    public FixedConfiguration(string yaml) => Current = Take(RouterConfigurationLoader.Load(Source(yaml)));

    /// <summary>One with variables of its own: secrets, and overrides.</summary>
    public FixedConfiguration(string yaml, IReadOnlyDictionary<string, string> environment) =>
        Current = Take(RouterConfigurationLoader.Load(Source(yaml) with { Environment = environment }));

    public RouterModel? Current { get; private set; }

    public IDisposable OnChange(Action<RouterModel> changed)
    {
        _listeners.Add(changed);
        return new Subscription(() => _listeners.Remove(changed));
    }

    public void Update(RouterConfig config) => Publish(RouterConfigurationLoader.Build(config, Source(""), Current));

    public void Update(string yaml) => Publish(RouterConfigurationLoader.Load(Source(yaml), Current));

    private void Publish(ConfigurationLoad load)
    {
        Current = Take(load);
        foreach (var listener in _listeners.ToArray())
        {
            listener(Current);
        }
    }

    private static RouterConfigurationSource Source(string yaml) => new()
    {
        Yaml = yaml,
        Assets = ModelAssets.Instance,
        Environment = new Dictionary<string, string> { ["AIROUTER_SECRET_BACKEND"] = BackendSecret },
    };

    private static RouterModel Take(ConfigurationLoad load)
    {
        Assert.Empty(load.Problems);
        return load.Model!;
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
