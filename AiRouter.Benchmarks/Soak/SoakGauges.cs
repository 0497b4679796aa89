using System.Globalization;

namespace AiRouter.Benchmarks.Soak;

/// <summary>What the router says of itself on <c>/metrics</c>.</summary>
internal static class SoakGauges
{
    // What counts requests and waiting things: nothing of it may be left.
    private static readonly string[] ZeroAtTheEnd =
    [
        "airouter_requests_active", "airouter_limits_settlements_waiting", "airouter_limits_settlements_dropped_total",
        "airouter_usage_dropped_total",
    ];

    /// <summary>All that must be back at zero.</summary>
    public static SoakCheck Check(RouterMetrics metrics)
    {
        // One request is this look itself, which is not counted as a request of the router's.
        var left = ZeroAtTheEnd.Where(n => metrics.Sum(n) != 0)
            .Select(n => string.Create(CultureInfo.InvariantCulture, $"{n} = {metrics.Sum(n)}")).ToList();
        return new SoakCheck("gauges", left.Count == 0, left.Count == 0 ? "all back at zero" : string.Join(", ", left));
    }

    /// <summary>What was counted.</summary>
    public static void Describe(RouterMetrics metrics, SoakReport report)
    {
        foreach (var name in metrics.Names.Where(n => n.StartsWith("airouter_", StringComparison.Ordinal) && n.EndsWith("_total", StringComparison.Ordinal)))
        {
            report.Figure(name, metrics.Sum(name));
        }
    }
}
