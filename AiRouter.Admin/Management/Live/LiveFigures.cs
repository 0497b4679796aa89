using AiRouter.Admin.Management.Configuration;
using AiRouter.Core.Configuration;
using AiRouter.Core.Metering;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Management.Live;

/// <summary>
/// What is going on now, for as many pages as look: the store is asked at most every <see cref="Interval"/>, whoever asks here, and not
/// at all while nobody does.
/// </summary>
internal sealed class LiveFigures(IUsageStore usage, IReplicaDirectory replicas, ConfigurationEditor editor, TimeProvider time)
{
    /// <summary>How often pages ask.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>How long routers may take to serve a new version.</summary>
    public static readonly TimeSpan TakeOver = TimeSpan.FromSeconds(10);

    // A page that asks every two seconds, a moment early, gets new figures.
    private static readonly TimeSpan Lasts = Interval - TimeSpan.FromMilliseconds(200);

    // A day's hash can be a thousand times a minute's.
    private static readonly TimeSpan TodayLasts = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private const decimal NanoPerUsd = 1_000_000_000m;

    private readonly Lock _gate = new();
    private Task<LiveView>? _reading;
    private LiveView? _last;
    private LiveToday _today = LiveToday.None;
    private DateTimeOffset _todayRead = DateTimeOffset.MinValue;
    private CurrentConfiguration _configuration = new(0, new RouterConfig());
    private DateTimeOffset _versionSeen;

    /// <summary>The figures, not older than <see cref="Interval"/>.</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async Task<LiveView> ReadAsync(CancellationToken cancellationToken)
    {
        Task<LiveView> reading;
        lock (_gate)
        {
            if (_last is { } last && (time.GetUtcNow() - last.At).Duration() < Lasts)
            {
                return last;
            }

            // One asks, all others wait for the same answer; who leaves does not take it away from them.
            if (_reading is not { IsCompleted: false })
            {
                _reading = RefreshAsync();
            }

            reading = _reading;
        }

        return await reading.WaitAsync(cancellationToken);
    }

    private async Task<LiveView> RefreshAsync()
    {
        await Task.Yield();
        using var deadline = new CancellationTokenSource(Deadline, time);
        var now = time.GetUtcNow();
        var minutes = await usage.QueryAsync(TrafficSums.Query(now), deadline.Token);
        var reports = await replicas.ReadAsync(deadline.Token);
        await ReadConfigurationAsync(now, deadline.Token);
        await ReadTodayAsync(now, deadline.Token);
        var view = View(now, new TrafficSums(minutes, now), reports);
        lock (_gate)
        {
            return _last = view;
        }
    }

    private async Task ReadConfigurationAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await editor.ReadVersionAsync(cancellationToken) == _configuration.Version)
        {
            return;
        }

        // What cannot be read is shown where it is changed; here it is as if there were none.
        var read = await editor.ReadAsync(cancellationToken);
        _configuration = read.Value ?? new CurrentConfiguration(0, new RouterConfig());
        _versionSeen = now;
    }

    private async Task ReadTodayAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var midnight = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        if (now - _todayRead < TodayLasts && _todayRead >= midnight)
        {
            return;
        }

        // To its end, so that it is one hash.
        var rows = await usage.QueryAsync(new UsageQuery(midnight, midnight.AddDays(1), null, []), cancellationToken);
        _today = rows is [var row]
            ? new LiveToday(row.Requests.Values.Sum(), row.InputTokens, row.OutputTokens, row.EstimatedRequests, row.NanoUsd / NanoPerUsd)
            : LiveToday.None;
        _todayRead = now;
    }

    private LiveView View(DateTimeOffset now, TrafficSums traffic, IReadOnlyList<ReplicaReport> reports)
    {
        var config = _configuration.Config;
        var health = new HealthSums(reports);
        List<LiveModel> models =
        [
            .. config.Models.OrderBy(static m => m.Key, StringComparer.Ordinal).Select(m =>
            {
                var targets = health.TargetsOf(m.Key, m.Value);
                return new LiveModel(m.Key, HealthSums.Of(targets), targets, traffic.OfModel(m.Key));
            }),
        ];
        var targets = models.SelectMany(static m => m.Targets.Select(t => (Model: m.Name, Target: t))).ToLookup(static t => t.Target.Backend);
        List<LiveBackend> backends =
        [
            .. config.Backends.OrderBy(static b => b.Key, StringComparer.Ordinal).Select(b =>
            {
                List<LiveTarget> its = [.. targets[b.Key].Select(static t => t.Target)];
                return new LiveBackend(
                    b.Key,
                    b.Value.Kind,
                    HealthSums.Of(its),
                    HealthSums.WorstOf(its),
                    [.. targets[b.Key].Select(static t => t.Model).Distinct()],
                    its.Sum(static t => t.InFlight),
                    traffic.OfBackend(b.Key));
            }),
        ];
        List<LiveReplica> processes =
        [
            .. reports.OrderByDescending(static r => r.Role, StringComparer.Ordinal).ThenBy(static r => r.Started).Select(r => Replica(r, now)),
        ];
        var all = traffic.All;
        return new LiveView
        {
            At = now,
            ConfigurationVersion = _configuration.Version,
            Notices = LiveNotices.Of(_configuration.Version, all, models, backends, processes),
            Traffic = all,
            Today = _today,
            Models = models,
            Backends = backends,
            Replicas = processes,
        };
    }

    private LiveReplica Replica(ReplicaReport report, DateTimeOffset now) => new()
    {
        Id = report.Id,
        Role = report.Role,
        Host = report.Host,
        Started = report.Started,
        Health = HealthOf(report, now),
        ConfigurationVersion = report.ConfigurationVersion,
        Problems = report.Problems,
        ActiveRequests = report.ActiveRequests,
        DroppedUsage = report.DroppedUsage,
        WaitingSettlements = report.WaitingSettlements,
    };

    private LiveHealth HealthOf(ReplicaReport report, DateTimeOffset now) => report switch
    {
        { Role: not "api" } => LiveHealth.Good,
        { ConfigurationHash: null } => LiveHealth.Down,
        { Problems.Count: > 0 } => LiveHealth.Degraded,
        _ when report.ConfigurationVersion == _configuration.Version => LiveHealth.Good,
        _ when report.ConfigurationVersion is null || now - _versionSeen >= TakeOver => LiveHealth.Degraded,
        _ => LiveHealth.Unknown,
    };
}
