namespace AiRouter.Admin.Management.Live;

/// <summary>What somebody should see to, said with what to do.</summary>
internal static class LiveNotices
{
    // Of each kind; the pages of models and backends show all.
    private const int Most = 5;

    // A few requests that failed are no trend.
    private const long FewErrors = 5;
    private const double ManyErrors = 0.05;

    /// <summary>The notices, the worst first.</summary>
    public static IReadOnlyList<LiveNotice> Of(
        long version,
        LiveTraffic traffic,
        IReadOnlyList<LiveModel> models,
        IReadOnlyList<LiveBackend> backends,
        IReadOnlyList<LiveReplica> replicas) =>
    [
        .. Installation(version, replicas)
            .Concat(replicas.Where(static r => r.IsRouter).SelectMany(r => Router(r, version)))
            .Concat(Some(backends.Where(static b => b.Health == LiveHealth.Down).Select(Backend), "backends"))
            .Concat(Some(models.Where(static m => m.Health == LiveHealth.Down).Select(Model), "models"))
            .Concat(Errors(traffic))
            .OrderByDescending(static n => n.Health),
    ];

    private static IEnumerable<LiveNotice> Installation(long version, IReadOnlyList<LiveReplica> replicas)
    {
        if (!replicas.Any(static r => r.IsRouter))
        {
            yield return new LiveNotice(
                LiveHealth.Down,
                "No router is running on this store, so clients get no answer: start AiRouter.Api with the ConnectionStrings__redis that " +
                "Admin has.",
                "routers");
        }

        if (version == 0)
        {
            yield return new LiveNotice(
                LiveHealth.Degraded, "There is no configuration yet: add a backend, and map a model to it.", "configuration");
        }
    }

    private static IEnumerable<LiveNotice> Router(LiveReplica router, long version)
    {
        if (router.Problems.Count > 0)
        {
            yield return new LiveNotice(
                router.Health == LiveHealth.Down ? LiveHealth.Down : LiveHealth.Degraded,
                $"The router {router.Host} refuses the newest configuration: {router.Problems[0]}{More(router.Problems.Count - 1)}",
                "routers",
                router.Host);
        }
        else if (router.Health == LiveHealth.Down)
        {
            yield return new LiveNotice(
                LiveHealth.Down, $"The router {router.Host} has no configuration, and answers 503.", "routers", router.Host);
        }
        else if (router.Health == LiveHealth.Degraded)
        {
            yield return new LiveNotice(
                LiveHealth.Degraded,
                router.ConfigurationVersion is { } served
                    ? $"The router {router.Host} serves version {served} of the configuration instead of {version}."
                    : $"The router {router.Host} serves a file of its own, not the stored configuration: changes here do not reach it.",
                "routers",
                router.Host);
        }

        if (router.DroppedUsage > 0)
        {
            yield return new LiveNotice(
                LiveHealth.Degraded,
                FormattableString.Invariant(
                    $"{router.DroppedUsage:N0} requests of the router {router.Host} are in nobody's usage: the store was away too long."),
                "usage",
                router.Host);
        }
    }

    private static LiveNotice Backend(LiveBackend backend) => new(
        LiveHealth.Down, $"The backend {backend.Name} {StateTexts.Of(backend.State)}.", "backend", backend.Name);

    private static LiveNotice Model(LiveModel model) => new(
        LiveHealth.Down,
        $"The model {model.Name} has no target that answers: " +
        string.Join("; ", model.Targets.Take(3).Select(static t => $"{t.Backend} {StateTexts.Of(t.State)}")) + ".",
        "model",
        model.Name);

    private static IEnumerable<LiveNotice> Errors(LiveTraffic traffic)
    {
        if (traffic.BackendErrors >= FewErrors && traffic.BackendErrors >= ManyErrors * traffic.Requests)
        {
            yield return new LiveNotice(
                LiveHealth.Degraded,
                FormattableString.Invariant(
                    $"{traffic.BackendErrors:N0} of {traffic.Requests:N0} requests of the last five minutes were failed by backends."),
                "backend");
        }
    }

    private static List<LiveNotice> Some(IEnumerable<LiveNotice> notices, string what)
    {
        var all = notices.ToList();
        return all.Count <= Most
            ? all
            : [.. all.Take(Most), new LiveNotice(LiveHealth.Down, $"{all.Count - Most} more {what} are down.", what.TrimEnd('s'))];
    }

    private static string More(int count) => count switch
    {
        <= 0 => "",
        1 => " (and another problem)",
        _ => $" (and {count} more problems)",
    };
}
