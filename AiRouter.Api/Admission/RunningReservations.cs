using System.Collections.Concurrent;
using AiRouter.Core.Limits;
using AiRouter.Core.Stores;

namespace AiRouter.Api.Admission;

/// <summary>Keeps the leases of running requests: renews all of them every 10 s, so that two renewals may fail before one ends.</summary>
internal sealed partial class RunningReservations(
    ILimitLedger ledger, LocalLedger local, LimitMetrics metrics, TimeProvider time, ILogger<RunningReservations> logger)
    : BackgroundService
{
    /// <summary>How often.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // One call must not keep the store busy for long.
    private const int MostAtOnce = 200;

    private readonly ConcurrentDictionary<Reservation, Reservation?> _running = new(ReferenceEqualityComparer.Instance);

    /// <summary>Requests that hold one now.</summary>
    public int Count => _running.Count;

    /// <summary>A request runs.</summary>
    /// <param name="reservation">As the shared ledger knows it, or shall know it when it is back.</param>
    /// <param name="share">As this replica's own ledger knows it; null: it does not.</param>
    public void Add(Reservation reservation, Reservation? share) => _running[reservation] = share;

    /// <summary>It has ended.</summary>
    public void Remove(Reservation reservation) => _running.TryRemove(reservation, out _);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RenewAsync(ledger, [.. _running.Keys], stoppingToken);
                await RenewAsync(local.Ledger, [.. _running.Values.OfType<Reservation>()], stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task RenewAsync(ILimitLedger where, List<Reservation> running, CancellationToken cancellationToken)
    {
        for (var i = 0; i < running.Count; i += MostAtOnce)
        {
            var started = metrics.Begin();
            try
            {
                await where.RenewAsync(running.GetRange(i, Math.Min(MostAtOnce, running.Count - i)), cancellationToken);
                metrics.End(started, "renew", worked: true);
            }
            catch (StoreUnavailableException away)
            {
                metrics.End(started, "renew", worked: false);
                LogNotRenewed(running.Count - i, away.Message);
                return;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it is: a service that ends with an exception ends the router.
                metrics.End(started, "renew", worked: false);
                LogFailed(failure);
            }
        }
    }

    [LoggerMessage(2061, LogLevel.Debug, "The leases of {Count} requests were not renewed: {Problem}")]
    private partial void LogNotRenewed(int count, string problem);

    [LoggerMessage(2062, LogLevel.Error, "Leases of running requests could not be renewed")]
    private partial void LogFailed(Exception failure);
}
