using System.Threading.Channels;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Objects;
using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Api.Objects;

/// <summary>
/// Tells the store whose new objects are, behind the requests that made them: bounded, in order, and again until it has worked.
/// What finds no room is counted: other replicas and the next start will not know it.
/// </summary>
internal sealed partial class ObjectQueue : IHostedService, IDisposable
{
    /// <summary>The most that wait while the store is away.</summary>
    public const int Capacity = 10_000;

    private const int BatchSize = 100;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(2);

    private readonly ObjectStore? _store;
    private readonly RouterMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<ObjectQueue> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<KeyValuePair<string, OwnedObject>> _waiting =
        Channel.CreateBounded<KeyValuePair<string, OwnedObject>>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    private Task _telling = Task.CompletedTask;
    private bool _isFull;
    private bool _isRefused;
    private bool _isDisposed;

    /// <summary>Without a store it takes nothing.</summary>
    public ObjectQueue(RouterMetrics metrics, TimeProvider time, ILogger<ObjectQueue> logger, IStore? store = null)
    {
        _store = store is null ? null : new ObjectStore(store);
        _metrics = metrics;
        _time = time;
        _logger = logger;
    }

    /// <summary>Puts an object in the queue; never waits.</summary>
    public void Add(string id, OwnedObject made)
    {
        if (_store is null)
        {
            return;
        }

        if (_waiting.Writer.TryWrite(KeyValuePair.Create(id, made)))
        {
            _isFull = false;
            return;
        }

        _metrics.ObjectsDropped(1);
        if (!Interlocked.Exchange(ref _isFull, true))
        {
            LogFull(Capacity);
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _telling = _store is null ? Task.CompletedTask : KeepTellingAsync(_store, _stopping.Token);
        return Task.CompletedTask;
    }

    /// <summary>Tells what still waits, as far as that is quick.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        _stopping.CancelAfter(StopDeadline);
        await _telling.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isDisposed, true))
        {
            _stopping.Cancel();
            _stopping.Dispose();
        }
    }

    private async Task KeepTellingAsync(ObjectStore store, CancellationToken stoppingToken)
    {
        var batch = new List<KeyValuePair<string, OwnedObject>>(BatchSize);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                batch.Clear();
                while (batch.Count < BatchSize && _waiting.Reader.TryRead(out var next))
                {
                    batch.Add(next);
                }

                while (!await TryTellAsync(store, batch, stoppingToken))
                {
                    await Task.Delay(RetryDelay, _time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            var lost = batch.Count + _waiting.Reader.Count;
            _metrics.ObjectsDropped(lost);
            LogLost(lost);
        }
    }

    private async ValueTask<bool> TryTellAsync(
        ObjectStore store, List<KeyValuePair<string, OwnedObject>> batch, CancellationToken stoppingToken)
    {
        try
        {
            await store.RememberAsync(batch, stoppingToken);
            _isRefused = false;
            return true;
        }
        catch (StoreUnavailableException)
        {
            // The store has logged it.
            return false;
        }
        catch (RedisException refused)
        {
            if (!_isRefused)
            {
                _isRefused = true;
                LogRefused(refused);
            }

            return false;
        }
        catch (Exception bug) when (bug is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            // Not again: these would keep all that follow from being told.
            _metrics.ObjectsDropped(batch.Count);
            LogFailed(bug, batch.Count);
            return true;
        }
    }

    [LoggerMessage(2011, LogLevel.Warning,
        "{Count} objects wait for the store: owners of further ones are known to this process only (airouter.objects.dropped)")]
    private partial void LogFull(int count);

    [LoggerMessage(2013, LogLevel.Error, "The store refuses owners of objects, which wait meanwhile")]
    private partial void LogRefused(Exception refused);

    [LoggerMessage(2014, LogLevel.Critical, "The store could not be told the owners of {Count} objects: a bug of the router's")]
    private partial void LogFailed(Exception bug, int count);

    [LoggerMessage(2012, LogLevel.Warning, "The store is away at the stop: the owners of {Count} objects are not known any more")]
    private partial void LogLost(int count);
}
