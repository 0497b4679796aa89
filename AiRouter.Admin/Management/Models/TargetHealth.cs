using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Management.Models;

/// <summary>What routers say of one target, together.</summary>
/// <param name="Backend">Its backend.</param>
/// <param name="Model">The model there; null: the name that clients ask for.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="InFlight">Requests under way at it, of all routers.</param>
/// <param name="Why">Why it is not simply usable; null: it is.</param>
internal sealed record TargetHealth(string Backend, string? Model, TargetStanding Standing, int InFlight, string? Why)
{
    /// <summary>Each target of a model, in the order of the configuration.</summary>
    /// <param name="model">As configured.</param>
    /// <param name="reports">What all routers say of its targets.</param>
    public static IReadOnlyList<TargetHealth> Of(ModelConfig model, IReadOnlyList<TargetReport> reports) =>
        [.. model.Targets.Select(t => Of(t, [.. reports.Where(r => r.Backend == t.Backend && r.BackendModel == t.Model)]))];

    private static TargetHealth Of(TargetConfig target, IReadOnlyList<TargetReport> reports)
    {
        var inFlight = reports.Sum(static r => r.InFlight);
        if (target.Weight == 0)
        {
            return new TargetHealth(target.Backend, target.Model, TargetStanding.Off, inFlight, "switched off: weight 0");
        }

        if (reports.Count == 0)
        {
            return new TargetHealth(target.Backend, target.Model, TargetStanding.Unknown, 0, "no router has said anything of it yet");
        }

        var areOut = reports.Where(static r => IsOut(r.State)).ToList();
        var worst = areOut.Count > 0 ? areOut[0] : reports.FirstOrDefault(static r => r.State != TargetReportState.Usable);
        var standing = areOut.Count == reports.Count ? TargetStanding.Out
            : worst is not null ? TargetStanding.Limited
            : TargetStanding.Usable;
        return new TargetHealth(target.Backend, target.Model, standing, inFlight, worst is null ? null : Why(worst, areOut.Count, reports.Count));
    }

    private static bool IsOut(TargetReportState state) =>
        state is TargetReportState.Open or TargetReportState.ProbesFail or TargetReportState.Trying or TargetReportState.HalfOpen;

    private static string Why(TargetReport worst, int areOut, int all)
    {
        var why = worst.State switch
        {
            TargetReportState.Open => "its requests failed, and it is left alone for now",
            TargetReportState.HalfOpen => "its requests failed; the next one tries it",
            TargetReportState.Trying => "its requests failed, and one is just trying it",
            TargetReportState.ProbesFail => "its backend, or the model there, does not answer probes",
            TargetReportState.CoolingDown => "it answered 429 and asked to be left alone",
            TargetReportState.Busy => "it answered 429: others are asked first",
            _ => "its backend has as many requests under way as it may have",
        };
        return areOut > 0 && areOut < all ? $"{why} (on {areOut} of {all} routers)" : why;
    }
}

/// <summary>How a target stands with the routers.</summary>
internal enum TargetStanding
{
    /// <summary>Requests are sent to it.</summary>
    Usable,

    /// <summary>Some routers leave it alone, or it has too much to do.</summary>
    Limited,

    /// <summary>Every router leaves it alone.</summary>
    Out,

    /// <summary>No router has said anything of it.</summary>
    Unknown,

    /// <summary>Its weight is 0.</summary>
    Off,
}
