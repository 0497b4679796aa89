using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace AiRouter.Core.Metering;

/// <summary>
/// Writes what <see cref="UsageMeter"/> has to the store, once a second and a last time at the end. Usage first, then the request
/// log. What the store did not confirm is sent again: usage under the number of its batch, log entries under their ids.
/// </summary>
internal sealed partial class MeteringWriter : IHostedService, IDisposable
{
    /// <summary>How often it writes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How long the last time may take.</summary>
    public static readonly TimeSpan LastDeadline = TimeSpan.FromSeconds(5);

    private readonly UsageMeter _meter;
    private readonly IStore _store;
    private readonly IRouterConfiguration _configuration;
    private readonly string _replica;
    private readonly TimeProvider _time;
    private readonly ILogger<MeteringWriter> _logger;
    private readonly Queue<UsageBatch> _batches = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _writing = Task.CompletedTask;
    private IReadOnlyList<WaitingLogEntry> _entries = [];
    private long _lastNumber;
    private long _droppedTold;
    private bool _otherTold;
    private string? _refusal;

    /// <summary>Writes from <see cref="StartAsync"/> on.</summary>
    public MeteringWriter(
        UsageMeter meter,
        IStore store,
        IRouterConfiguration configuration,
        ReplicaIdentity replica,
        TimeProvider time,
        ILogger<MeteringWriter> logger)
    {
        _meter = meter;
        _store = store;
        _configuration = configuration;
        _replica = replica.Id;
        _time = time;
        _logger = logger;
    }

    /// <summary>See <see cref="UsageBatch.MostFields"/>.</summary>
    internal int MostFields { get; init; } = UsageBatch.MostFields;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _writing = KeepWritingAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    /// <summary>Writes what is left, for 5 s at most.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(LastDeadline);
        try
        {
            await _writing.WaitAsync(deadline.Token);
            if (!await WriteAsync(deadline.Token))
            {
                LogLost(_meter.Waiting);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            LogLost(_meter.Waiting);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    /// <summary>Writes everything that waits now. False: the store would not have it all.</summary>
    internal async ValueTask<bool> WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            var config = _configuration.Current?.Config.Metering ?? new MeteringConfig();
            await WriteUsageAsync(config, cancellationToken);
            await WriteLogAsync(config.RequestLog, cancellationToken);
            _refusal = null;
            return true;
        }
        catch (StoreUnavailableException)
        {
            // The gateway has told it, and tries on its own.
            return false;
        }
        catch (RedisException refused)
        {
            // A right is missing, or a key is somebody else's: nothing is lost while an operator sees to it.
            if (_refusal != refused.Message)
            {
                _refusal = refused.Message;
                LogRefused(refused.Message);
            }

            return false;
        }
        catch (Exception bug) when (bug is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Nothing may end the writing: usage is sent again; entries of the log that cannot be written are not tried for ever.
            _entries = [];
            if (_refusal != bug.Message)
            {
                _refusal = bug.Message;
                LogFailed(bug);
            }

            return false;
        }
        finally
        {
            TellDrops();
        }
    }

    private async Task KeepWritingAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async ValueTask WriteUsageAsync(MeteringConfig config, CancellationToken cancellationToken)
    {
        await SendBatchesAsync(config, cancellationToken);

        // Only now, so that what is added while the store is away goes on being added up.
        TakeBatches(UsageStep.Hour);
        TakeBatches(UsageStep.Minute);
        await SendBatchesAsync(config, cancellationToken);
    }

    private void TakeBatches(UsageStep step)
    {
        foreach (var batch in UsageBatch.Cut(_meter.Usage.Take(step), step, _lastNumber))
        {
            _batches.Enqueue(batch);
            _lastNumber = batch.Number;
        }
    }

    private async ValueTask SendBatchesAsync(MeteringConfig config, CancellationToken cancellationToken)
    {
        while (_batches.TryPeek(out var batch))
        {
            var other = await batch.SendAsync(_store, _replica, config, MostFields, cancellationToken);
            _batches.Dequeue();
            _meter.Usage.Written(batch.Part.Step, batch.Slots.Count);

            // A crowded minute is less exact for an hour or two, and nobody's account.
            if (other > 0 && batch.Part.Step is UsageStep.Hour)
            {
                _meter.CountOther(other);
                TellOther();
            }
        }
    }

    private async ValueTask WriteLogAsync(RequestLogConfig config, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_entries.Count == 0)
            {
                _entries = _meter.Log.Take(RequestLogBatch.Size);
            }

            if (_entries.Count == 0)
            {
                return;
            }

            await RequestLogBatch.SendAsync(_store, _replica, config, _entries, cancellationToken);
            _entries = [];
        }
    }

    private void TellDrops()
    {
        var dropped = _meter.Dropped;
        if (dropped > _droppedTold && _droppedTold == 0)
        {
            LogDropped(UsageBuffer.Capacity);
        }

        _droppedTold = dropped;
    }

    private void TellOther()
    {
        if (!_otherTold)
        {
            _otherTold = true;
            LogOther(MostFields);
        }
    }

    [LoggerMessage(1301, LogLevel.Error,
        "Usage records are dropped: {Capacity} combinations of hour, key, model and backend wait for the store (airouter.usage.dropped counts)")]
    private partial void LogDropped(int capacity);

    [LoggerMessage(1302, LogLevel.Warning,
        "An hour or a day has more than {Most} combinations of key, model and backend: further ones are counted together as (other)")]
    private partial void LogOther(int most);

    [LoggerMessage(1303, LogLevel.Error, "The store refuses usage, which waits meanwhile: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(1305, LogLevel.Critical, "Usage could not be written: a bug of the router's; it is tried again")]
    private partial void LogFailed(Exception bug);

    [LoggerMessage(1304, LogLevel.Error,
        "The store is away: the usage of {Combinations} combinations of hour, key, model and backend is lost with this process")]
    private partial void LogLost(int combinations);
}
