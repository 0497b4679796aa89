using AiRouter.Core.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace AiRouter.Core.Configuration.Stored;

/// <summary>
/// Runs every <see cref="IStoreSync"/>: once before the process listens (for a second at most: the store may be away), then every
/// 10 s, and at once when the configuration changed or the store is back. Messages may be lost; looking is what counts.
/// </summary>
internal sealed partial class StoreSyncLoop(
    IStore store, IConfigurationStore configurations, StoreSyncSignal signal, IEnumerable<IStoreSync> parts, ILogger<StoreSyncLoop> logger)
    : IHostedService, IDisposable
{
    /// <summary>How often the store is asked without cause.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>How long a start waits for the store before it serves what it has.</summary>
    internal static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<IStoreSync> _parts = [.. parts];
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private IDisposable? _messages;
    private IDisposable? _returns;
    private string? _toldFailure;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _messages = store.Subscribe(configurations.ChangedChannel, _ => signal.Set());
        _returns = store.OnAvailabilityChange(_ => signal.Set());
        using (var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            deadline.CancelAfter(StartDeadline);
            await SyncAsync(deadline.Token);
        }

        _loop = FollowAsync(_stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loop.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _messages?.Dispose();
        _returns?.Dispose();
        _stopping.Dispose();
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await signal.WaitAsync(Interval, stoppingToken);
            await SyncAsync(stoppingToken);
        }
    }

    private async Task SyncAsync(CancellationToken cancellationToken)
    {
        foreach (var part in _parts)
        {
            try
            {
                await part.SyncAsync(cancellationToken);
            }
            catch (StoreUnavailableException)
            {
                // The store's gateway tells of it, once.
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (RedisException refused)
            {
                TellOnce(refused.Message);
                return;
            }
            catch (Exception bug)
            {
                // It would end the host, or the looking: what is served goes on being served.
                LogBug(bug);
            }
        }

        _toldFailure = null;
    }

    private void TellOnce(string message)
    {
        if (_toldFailure != message)
        {
            _toldFailure = message;
            LogRefused(message);
        }
    }

    [LoggerMessage(1021, LogLevel.Error, "The store refuses what the configuration needs of it: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(1022, LogLevel.Critical, "The store could not be compared with: a bug of the router's; it is tried again")]
    private partial void LogBug(Exception bug);
}
