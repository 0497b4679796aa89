using AiRouter.Core.Configuration;
using AiRouter.Prompting;

namespace AiRouter.Tests.Configuration;

/// <summary>Loads documents for tests.</summary>
internal static class Loaded
{
    /// <summary>The model of a document that must be right.</summary>
    public static RouterModel Model(string yaml, params (string Name, string Value)[] environment)
    {
        var load = RouterConfigurationLoader.Load(Source(yaml, environment));
        Assert.Empty(load.Problems);
        return load.Model!;
    }

    /// <summary>What is wrong with a document.</summary>
    public static IReadOnlyList<string> Problems(string yaml, params (string Name, string Value)[] environment)
    {
        var load = RouterConfigurationLoader.Load(Source(yaml, environment));
        Assert.Null(load.Model);
        return [.. load.Problems.Select(p => p.ToString())];
    }

    public static RouterConfigurationSource Source(string yaml, params (string Name, string Value)[] environment) => new()
    {
        Yaml = yaml,
        Assets = ModelAssets.Instance,
        Environment = environment.ToDictionary(v => v.Name, v => v.Value),
    };
}
