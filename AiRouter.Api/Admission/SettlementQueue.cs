using System.Threading.Channels;
using AiRouter.Core.Limits;
using AiRouter.Core.Stores;
using AiRouter.Core.Stores.Replicas;

namespace AiRouter.Api.Admission;

/// <summary>
/// Brings settlements to the ledger beside the answers that they are for: no answer waits for it. While the store is away they
/// wait here, bounded, and are brought when it is back; at the stop of the process once more, within a deadline (R41).
/// </summary>
internal sealed partial class SettlementQueue : IHostedService, IReplicaReportSource, IAsyncDisposable
{
    /// <summary>How many may wait: at 100 requests a second a quarter of an hour, in about 50 MB.</summary>
    public const int Most = 100_000;

    private const int Workers = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan DrainDeadline = TimeSpan.FromSeconds(5);

    private readonly ILimitLedger _ledger;
    private readonly LimitMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<SettlementQueue> _logger;
    private readonly Channel<Owed> _owed = Channel.CreateUnbounded<Owed>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _most;
    private Task _working = Task.CompletedTask;
    private int _waiting;
    private int _isFull;
    private int _isDisposed;

    /// <summary>With the ledger that all replicas share.</summary>
    public SettlementQueue(ILimitLedger ledger, LimitMetrics metrics, TimeProvider time, ILogger<SettlementQueue> logger)
        : this(ledger, metrics, time, logger, Most)
    {
    }

    /// <summary>With room for so many.</summary>
    internal SettlementQueue(
        ILimitLedger ledger, LimitMetrics metrics, TimeProvider time, ILogger<SettlementQueue> logger, int most)
    {
        _ledger = ledger;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _most = most;
        metrics.Waiting = () => Waiting;
    }

    /// <summary>How many have not reached the ledger yet.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <inheritdoc/>
    public ReplicaReport AddTo(ReplicaReport report) => report with { WaitingSettlements = Waiting };

    /// <summary>Settles now if the ledger answers, else as soon as it does. Never waits.</summary>
    public void Add(Reservation reservation, Settlement used)
    {
        if (Interlocked.Increment(ref _waiting) > _most)
        {
            Drop();
            return;
        }

        _ = SettleNowAsync(new Owed(reservation, used, _time.GetTimestamp()));
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _working = Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(_stopping.Token)));
        return Task.CompletedTask;
    }

    /// <summary>Brings what waits, for at most 5 s. What is left then counts at its upper bound, when its lease ends.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(DrainDeadline);
        while (Waiting > 0 && !deadline.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), CancellationToken.None);
        }

        await _stopping.CancelAsync();
        await _working;
        if (Waiting is > 0 and var left)
        {
            _metrics.Dropped(left);
            LogLeft(left);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A container that knows the object under several types disposes it as often.
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _working;
        _stopping.Dispose();
    }

    private async Task SettleNowAsync(Owed owed)
    {
        if (!await TrySettleAsync(owed))
        {
            _owed.Writer.TryWrite(owed);
        }
    }

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var owed in _owed.Reader.ReadAllAsync(stoppingToken))
            {
                while (!await TrySettleAsync(owed))
                {
                    await Task.Delay(Pause, _time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async ValueTask<bool> TrySettleAsync(Owed owed)
    {
        var started = _metrics.Begin();
        try
        {
            await _ledger.SettleAsync(
                owed.Reservation, owed.Used with { Age = _time.GetElapsedTime(owed.Ended) }, CancellationToken.None);
            _metrics.End(started, "settle", worked: true);
            Volatile.Write(ref _isFull, 0);
        }
        catch (StoreUnavailableException)
        {
            _metrics.End(started, "settle", worked: false);
            return false;
        }
        catch (Exception failure)
        {
            // Whatever it is, it would come again with the next try; and those that wait behind it must not wait for ever.
            _metrics.End(started, "settle", worked: false);
            _metrics.Dropped(1);
            LogNotSettled(failure);
        }

        Interlocked.Decrement(ref _waiting);
        return true;
    }

    private void Drop()
    {
        Interlocked.Decrement(ref _waiting);
        _metrics.Dropped(1);
        if (Interlocked.Exchange(ref _isFull, 1) == 0)
        {
            LogFull(_most);
        }
    }

    [LoggerMessage(2051, LogLevel.Error,
        "{Count} settlements wait for the store: no more are kept. Requests that are not settled count at their upper bound")]
    private partial void LogFull(int count);

    [LoggerMessage(2052, LogLevel.Error,
        "The process stops with {Count} settlements that the store did not take: these requests count at their upper bound")]
    private partial void LogLeft(int count);

    [LoggerMessage(2053, LogLevel.Error, "A settlement was given up: its request counts at its upper bound")]
    private partial void LogNotSettled(Exception failure);

    private readonly record struct Owed(Reservation Reservation, Settlement Used, long Ended);
}
