using AiRouter.Api.Backends;
using AiRouter.Api.Routing.Targets;

namespace AiRouter.Api.Health.Probes;

/// <summary>
/// Asks every backend now and then whether it is well, beside the requests, and tells its targets. One probe at a time per backend; those
/// of several backends never wait for each other. Follows reloads: a backend that is new is asked at once, a removed one no more.
/// </summary>
internal sealed class HealthProber(RouterStates states, HealthNotices notices, RouteServices services) : BackgroundService
{
    /// <summary>How soon a change of the configuration is noticed.</summary>
    internal static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<BackendState, BackendProbe> _probes = [];
    private readonly long _started = services.Time.GetTimestamp();

    private TimeSpan Now => services.Time.GetElapsedTime(_started);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                Follow();
                var next = Start(stoppingToken);
                await Task.Delay(next, services.Time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; each probe ends with the same token.
        }

        await Task.WhenAll(_probes.Values.Select(static probe => probe.Running));
    }

    /// <summary>The backends that answer for a model, and nobody else: what is never used is not asked either.</summary>
    private void Follow()
    {
        var used = Targets().Select(static t => t.Target.Backend).Where(static b => b.Backend.Model.Config.Probe.Enabled).ToHashSet();
        foreach (var gone in _probes.Keys.Where(b => !used.Contains(b)).ToList())
        {
            _probes.Remove(gone);
        }

        foreach (var backend in used.Where(b => !_probes.ContainsKey(b)))
        {
            // Not all at the same moment, but soon: nothing is known of it yet.
            var first = Math.Min(1, backend.Backend.Model.Config.Probe.Interval) * services.Random.NextDouble() / 2;
            _probes.Add(backend, new BackendProbe(backend) { Due = Now + TimeSpan.FromSeconds(first) });
        }
    }

    /// <summary>Starts what is due. Returns how long nothing will be.</summary>
    private TimeSpan Start(CancellationToken stoppingToken)
    {
        var now = Now;
        var pause = LongestPause;
        foreach (var probe in _probes.Values)
        {
            if (probe.Due <= now && probe.Running.IsCompleted)
            {
                var interval = probe.Backend.Backend.Model.Config.Probe.Interval;
                probe.Due = now + TimeSpan.FromSeconds(interval * (0.8 + (services.Random.NextDouble() * 0.4)));
                probe.Running = ProbeAsync(probe, stoppingToken);
            }

            pause = probe.Due - now < pause ? probe.Due - now : pause;
        }

        return pause > ShortestPause ? pause : ShortestPause;
    }

    private async Task ProbeAsync(BackendProbe probe, CancellationToken stoppingToken)
    {
        // Held, so that a reload does not take its connections away meanwhile.
        if (!probe.Backend.TryHold())
        {
            return;
        }

        var backend = probe.Backend.Backend.Model;
        try
        {
            var result = await AskAsync(probe.Backend.Backend, stoppingToken);
            notices.Probed(backend.Name, result.Finding);
            notices.Changed(backend, result.Finding, probe.Take(result));
            Tell(probe);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A bug: told, and not the end of all probes.
            notices.ProbeBroke(backend.Name, failure);
        }
        finally
        {
            await probe.Backend.ReleaseAsync();
        }
    }

    private async Task<ProbeResult> AskAsync(IBackend backend, CancellationToken stoppingToken)
    {
        var models = ModelsAt(backend);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(backend.Model.Config.Probe.Timeout), services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stoppingToken);
        try
        {
            return await backend.ProbeAsync(models, either.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            return ProbeResult.Failed(ProbeFinding.TimedOut);
        }
    }

    private HashSet<string> ModelsAt(IBackend backend) =>
        Targets().Where(t => t.Target.Backend.Backend == backend).Select(static t => NameAt(t.Route, t.Target)).OfType<string>()
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>Each time for all targets, so that those which a reload added learn it too.</summary>
    private void Tell(BackendProbe probe)
    {
        foreach (var (route, target) in Targets())
        {
            if (target.Backend == probe.Backend)
            {
                target.State.Health.Probed(probe.IsWell(NameAt(route, target)));
            }
        }
    }

    private IEnumerable<(ModelRoute Route, RoutedTarget Target)> Targets() =>
        states.Current?.Routes.Values.SelectMany(static route => route.Targets, static (route, target) => (route, target)) ?? [];

    /// <summary>The model's name at the backend; null where it hangs on what a client asks for.</summary>
    private static string? NameAt(ModelRoute route, RoutedTarget target) =>
        target.Model.FixedName ?? (target.Model.Config.Model is not null || route.Model.Name.Contains('*') ? null : route.Model.Name);
}
