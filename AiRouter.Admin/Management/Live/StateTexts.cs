using AiRouter.Core.Stores;

namespace AiRouter.Admin.Management.Live;

/// <summary>What the states of targets are called, everywhere.</summary>
internal static class StateTexts
{
    /// <summary>What it does, as the end of a sentence that begins with the backend's name.</summary>
    public static string Of(TargetReportState? state) => state switch
    {
        TargetReportState.Usable => "is well",
        TargetReportState.HalfOpen => "failed, and the next request tries it",
        TargetReportState.Trying => "failed, and a request is just trying it",
        TargetReportState.Open => "failed, and is left alone for a while",
        TargetReportState.ProbesFail => "does not answer probes",
        TargetReportState.CoolingDown => "asked to be left alone (429)",
        TargetReportState.Busy => "is busy (429): others are asked first",
        TargetReportState.Full => "has as many requests under way as it may have",
        _ => "is not reported by any router yet",
    };
}
