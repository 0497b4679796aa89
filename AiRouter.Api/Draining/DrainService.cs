using AiRouter.Api.Backends;
using Microsoft.Extensions.Options;

namespace AiRouter.Api.Draining;

/// <summary>
/// Lets requests end before the server stops, for <c>server.drainSeconds</c>. The listener is still open meanwhile:
/// readiness says "draining", and whoever sends a request all the same is told to go elsewhere instead of meeting a
/// closed port.
/// </summary>
internal sealed partial class DrainService(
    Drain drain, RouterStates states, OpenConnections connections, StopSignals signals, StopNotice notice,
    IHostApplicationLifetime lifetime, IOptions<HostOptions> host, TimeProvider time, ILogger<DrainService> logger)
    : IHostedLifecycleService
{
    /// <summary>How long clients whose requests were cut off may take to read that.</summary>
    private static readonly TimeSpan CutTime = TimeSpan.FromSeconds(3);

    /// <summary>
    /// For everything else of a stop: the last usage, settlements and telemetry. Each of them has a shorter deadline of
    /// its own.
    /// </summary>
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // The configuration may have changed since the start.
        lifetime.ApplicationStopping.Register(SetDeadline);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // The host reads its deadline when it begins to stop, on a thread of its own: it may be there before whoever
        // hears of the stop.
        SetDeadline();
        return Task.CompletedTask;
    }

    /// <summary>Everything up to the moment at which the server stops.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        lifetime.StopApplication();
        var started = time.GetTimestamp();
        var most = states.DrainTime;
        LogBegun(drain.Running, most.TotalSeconds);
        connections.CloseWhenIdle();
        _ = AbortAsync(most + CutTime);
        await WaitAsync(() => drain.Running == 0 && !IsNoticeOpen(started), most, cancellationToken);
        if (drain.Running is > 0 and var left)
        {
            LogCut(left, most.TotalSeconds);
            await drain.CutAsync();
            await WaitAsync(() => drain.Running == 0, CutTime, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void SetDeadline() => host.Value.ShutdownTimeout = states.DrainTime + CutTime + FlushTime;

    private bool IsNoticeOpen(long started) =>
        signals.IsTermination && notice.IsProbed && time.GetElapsedTime(started) < StopNotice.Period;

    /// <summary>
    /// Clients that do not read their answers hold the stop up no longer than those whose answers last.
    /// </summary>
    private async Task AbortAsync(TimeSpan after)
    {
        await Task.Delay(after, time, CancellationToken.None);
        connections.Abort();
    }

    private async Task WaitAsync(Func<bool> isOver, TimeSpan most, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!isOver() && time.GetElapsedTime(started) < most && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Look, time, CancellationToken.None);
        }
    }

    [LoggerMessage(2401, LogLevel.Information,
        "The router stops: no more requests are taken, {Count} are under way and have {Seconds} s to end")]
    private partial void LogBegun(int count, double seconds);

    [LoggerMessage(2402, LogLevel.Warning, "{Count} requests had not ended after {Seconds} s and are cut off")]
    private partial void LogCut(int count, double seconds);
}
