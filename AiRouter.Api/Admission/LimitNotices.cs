using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;

namespace AiRouter.Api.Admission;

/// <summary>
/// Says in the log what about limits may surprise: the warnings of a configuration, and, once, that a router without a store counts
/// in its own memory (R34).
/// </summary>
internal sealed partial class LimitNotices(
    IRouterConfiguration configuration, ILogger<LimitNotices> logger, IStore? store = null) : IHostedService, IDisposable
{
    private IDisposable? _subscription;
    private int _hasSaid;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = configuration.OnChange(Look);
        if (configuration.Current is { } current)
        {
            Look(current);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _subscription?.Dispose();
        _subscription = null;
    }

    private void Look(RouterModel model)
    {
        foreach (var warning in model.Warnings)
        {
            LogWarning(warning);
        }

        if (store is null && HasLimits(model.Config) && Interlocked.Exchange(ref _hasSaid, 1) == 0)
        {
            LogInMemory();
        }
    }

    private static bool HasLimits(RouterConfig config) =>
        Has(config.Limits) || config.Models.Values.Any(m => Has(m.Limits)) ||
        config.Keys.Any(k => Has(k.Limits) || k.ModelLimits.Values.Any(Has));

    private static bool Has(LimitsConfig limits) =>
        limits.RequestsPerMinute is not null || limits.TokensPerMinute is not null || limits.Concurrent is not null;

    [LoggerMessage(2071, LogLevel.Warning, "The configuration is served, but: {Warning}")]
    private partial void LogWarning(ConfigurationProblem warning);

    [LoggerMessage(2072, LogLevel.Warning,
        "There is no store (ConnectionStrings__redis): limits are counted in the memory of this process only. Other replicas count for " +
        "themselves, and a restart forgets what was used")]
    private partial void LogInMemory();
}
