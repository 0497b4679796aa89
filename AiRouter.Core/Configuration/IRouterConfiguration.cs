namespace AiRouter.Core.Configuration;

/// <summary>Where the data plane gets its configuration from: always the last good one.</summary>
public interface IRouterConfiguration
{
    /// <summary>The configuration to serve a new request from; null before the first good one.</summary>
    RouterModel? Current { get; }

    /// <summary>What is wrong with the newest one, which is therefore not served; empty when it is.</summary>
    IReadOnlyList<ConfigurationProblem> Problems => [];

    /// <summary>Calls back after each change, with the new configuration; dispose to stop.</summary>
    IDisposable OnChange(Action<RouterModel> changed);
}
