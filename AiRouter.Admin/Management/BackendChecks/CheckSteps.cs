using System.Diagnostics;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>A check while it runs: what is asked, and what was found so far.</summary>
internal sealed class CheckSteps(ReachedBackend backend, CheckedConnector connector)
{
    private readonly List<CheckStep> _steps = [];

    /// <summary>How long one step may take.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(6);

    /// <summary>Who is asked.</summary>
    public ReachedBackend Backend => backend;

    /// <summary>Its settings.</summary>
    public BackendConfig Config => backend.Config;

    /// <summary>Opens the connections.</summary>
    public CheckedConnector Connector => connector;

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<CheckStep> All => _steps;

    /// <summary>Whether a step failed: nothing is tried after it.</summary>
    public bool HasFailed => Verdict == CheckVerdict.Failed;

    /// <summary>The worst so far.</summary>
    public CheckVerdict Verdict => _steps.Count == 0 ? CheckVerdict.Passed : _steps.Max(static s => s.Verdict);

    /// <summary>How long has been waited since a moment, in milliseconds.</summary>
    public static double Since(long started) => Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1);

    /// <summary>Notes a step that went well.</summary>
    public void Pass(CheckStepKind kind, string text, double? milliseconds = null) =>
        _steps.Add(new CheckStep(kind, CheckVerdict.Passed, text) { Milliseconds = milliseconds });

    /// <summary>Notes a step after which requests may still work.</summary>
    public void Warn(CheckStepKind kind, string text, string? mend = null) =>
        _steps.Add(new CheckStep(kind, CheckVerdict.Warned, text) { Mend = mend });

    /// <summary>Notes a step after which requests will not work.</summary>
    public void Fail(CheckStepKind kind, string text, string? mend = null) =>
        _steps.Add(new CheckStep(kind, CheckVerdict.Failed, text) { Mend = mend });
}
