using AiRouter.Api.Backends;
using AiRouter.Core.Configuration;
using Microsoft.Extensions.ServiceDiscovery.Http;

namespace AiRouter.Api.Routing.Signals;

/// <summary>
/// Reads the load of every backend with a <see cref="BackendConfig.LoadSignal"/> at its interval, off the request path, and tells it to
/// the backend's targets. Backends come and go with the configuration.
/// </summary>
internal sealed class LoadSignalPoller(
    RouterStates states,
    TimeProvider time,
    Random random,
    ILogger<LoadSignalPolling> logger,
    IServiceDiscoveryHttpMessageHandlerFactory? discovery = null) : BackgroundService
{
    /// <summary>How often it looks for backends that are new or gone.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Dictionary<BackendModel, LoadSignalPolling> _running = new(ReferenceEqualityComparer.Instance);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await FollowAsync();
                await Task.Delay(Look, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
        finally
        {
            foreach (var polling in _running.Values)
            {
                await polling.DisposeAsync();
            }
        }
    }

    private async Task FollowAsync()
    {
        if (states.Enter() is not { } state)
        {
            return;
        }

        try
        {
            var wanted = state.Model.Backends.Values.Where(b => b.Config.LoadSignal is not null).ToHashSet();
            foreach (var gone in _running.Keys.Where(b => !wanted.Contains(b)).ToList())
            {
                _running.Remove(gone, out var polling);
                await polling!.DisposeAsync();
            }

            foreach (var added in wanted.Where(b => !_running.ContainsKey(b)))
            {
                _running[added] = new LoadSignalPolling(added, states, new LoadSignalReader(added.Config, discovery, time), time, random, logger);
            }
        }
        finally
        {
            await state.LeaveAsync();
        }
    }
}
