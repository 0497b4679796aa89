using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiRouter.Core.Stores.Replicas;

/// <summary>Says every second that this process is there, and what its parts have to say (R34).</summary>
internal sealed partial class ReplicaReporter(
    ReplicaDirectory directory,
    ReplicaIdentity identity,
    IEnumerable<IReplicaReportSource> sources,
    TimeProvider time,
    ILogger<ReplicaReporter> logger,
    string role) : IHostedService, IDisposable
{
    /// <summary>How often.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How long routers may serve different configurations before it is told: a change takes its time.</summary>
    internal static readonly TimeSpan Difference = TimeSpan.FromSeconds(30);

    private readonly IReadOnlyList<IReplicaReportSource> _sources = [.. sources];
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private DateTimeOffset? _differsSince;
    private bool _hasToldDifference;
    private string? _toldFailure;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loop = ReportAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loop.WaitAsync(cancellationToken);
        try
        {
            await directory.LeaveAsync(Report(), cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // The report ends by itself.
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task ReportAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await TryReportAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task TryReportAsync(CancellationToken cancellationToken)
    {
        try
        {
            await directory.ReportAsync(Report(), cancellationToken);
            TellDifference();
            _toldFailure = null;
        }
        catch (StoreUnavailableException)
        {
            // The store's gateway tells of it, once.
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A store that refuses, or a bug of a source: neither may end the reports.
            if (_toldFailure != failure.Message)
            {
                _toldFailure = failure.Message;
                LogFailed(failure);
            }
        }
    }

    private ReplicaReport Report() => _sources.Aggregate(
        new ReplicaReport { Id = identity.Id, Role = role, Host = identity.Host, Started = identity.Started },
        static (report, source) => source.AddTo(report));

    private void TellDifference()
    {
        if (directory.Configurations < 2)
        {
            _differsSince = null;
            _hasToldDifference = false;
            return;
        }

        var now = time.GetUtcNow();
        _differsSince ??= now;
        if (!_hasToldDifference && now - _differsSince >= Difference)
        {
            _hasToldDifference = true;
            LogDiffers(directory.LiveRouters, directory.Configurations, Difference.TotalSeconds);
        }
    }

    [LoggerMessage(
        1041, LogLevel.Warning,
        "{Routers} routers have served {Configurations} different configurations for {Seconds} s: one refuses the newest, has another " +
        "file, or has other variables over it (GET /api/v1/replicas says which)")]
    private partial void LogDiffers(int routers, int configurations, double seconds);

    [LoggerMessage(1042, LogLevel.Error, "The report of this process could not be stored")]
    private partial void LogFailed(Exception failure);
}
