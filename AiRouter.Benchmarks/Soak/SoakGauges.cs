using System.Globalization;

namespace AiRouter.Benchmarks.Soak;

/// <summary>What the router says of itself on <c>/metrics</c>.</summary>
internal static class SoakGauges
{
    // What counts requests and waiting things: nothing of it may be left.
    private static readonly string[] ZeroAtTheEnd = ["_active", "_running", "_waiting", "_in_flight", "_dropped_total"];

    /// <summary>All that must be back at zero.</summary>
    public static SoakCheck Check(RouterMetrics metrics)
    {
        var gauges = metrics.Names
            .Where(n => n.StartsWith("airouter_", StringComparison.Ordinal) && ZeroAtTheEnd.Any(e => n.EndsWith(e, StringComparison.Ordinal)))
            .ToList();
        var left = gauges.Where(n => metrics.Sum(n) != 0)
            .Select(n => string.Create(CultureInfo.InvariantCulture, $"{n} = {metrics.Sum(n)}")).ToList();
        return new SoakCheck(
            "gauges",
            left.Count == 0 && gauges.Contains("airouter_requests_active"),
            left.Count == 0 ? "back at zero: " + string.Join(", ", gauges.Order()) : string.Join(", ", left));
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
