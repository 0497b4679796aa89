using AiRouter.Api.Backends;

namespace AiRouter.Api.Health.Probes;

/// <summary>What the probes of one backend have shown, and when it is asked next. Used by one probe at a time.</summary>
internal sealed class BackendProbe(BackendState backend)
{
    private IReadOnlyCollection<string> _unready = [];
    private int _failures;

    /// <summary>Who is asked.</summary>
    public BackendState Backend => backend;

    /// <summary>The probe under way, or the last one.</summary>
    public Task Running { get; set; } = Task.CompletedTask;

    /// <summary>When it is asked next, on the clock of <see cref="HealthProber"/>.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>So many probes in a row have failed that nothing is sent to it.</summary>
    public bool IsOut => _failures >= backend.Backend.Model.Config.Probe.Failures;

    /// <summary>Whether the backend, and the model there, may be asked as far as probes know.</summary>
    /// <param name="model">The model's name there; null: not known.</param>
    public bool IsWell(string? model) => !IsOut && (model is null || !_unready.Contains(model));

    /// <summary>Takes a result in. Returns what changed with it.</summary>
    public ProbeChange Take(ProbeResult result)
    {
        var wasOut = IsOut;
        _failures = result.Finding == ProbeFinding.Well ? 0 : _failures + 1;
        if (result.Finding != ProbeFinding.Well)
        {
            // Nothing new is known of its models.
            return new ProbeChange(!wasOut && IsOut, false, [], []);
        }

        var before = _unready;
        _unready = result.Unready;
        return new ProbeChange(false, wasOut, [.. _unready.Except(before)], [.. before.Except(_unready)]);
    }
}

/// <summary>What is different after a probe.</summary>
/// <param name="WentOut">The backend is left alone from now on.</param>
/// <param name="CameBack">The backend is not left alone any more.</param>
/// <param name="Unready">Models that are not ready any more.</param>
/// <param name="Ready">Models that are ready again.</param>
internal readonly record struct ProbeChange(
    bool WentOut, bool CameBack, IReadOnlyList<string> Unready, IReadOnlyList<string> Ready);
