using System.Globalization;
using AiRouter.Admin.Management.Usage;

namespace AiRouter.Admin.Components.Overview.Charts;

/// <summary>How moments are written below a chart and in its table; all UTC.</summary>
internal static class TimeLabels
{
    /// <summary>A point's, as it stands below the chart.</summary>
    public static string Axis(UsageRange range, DateTimeOffset at) => at.ToString(
        range is UsageRange.Week or UsageRange.Month ? "d MMM" : "HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A point's, in full.</summary>
    public static string Full(UsageRange range, DateTimeOffset at) => at.ToString(
        range switch
        {
            UsageRange.Month => "ddd d MMM yyyy",
            UsageRange.Week => "ddd d MMM HH:mm",
            _ => "d MMM HH:mm",
        },
        CultureInfo.InvariantCulture);

    /// <summary>Whether a point has its label below the chart: as many as there is room for.</summary>
    public static bool IsShown(UsageRange range, DateTimeOffset at) => range switch
    {
        UsageRange.Hour => at.Minute % 15 == 0,
        UsageRange.Day => at.Hour % 6 == 0,
        UsageRange.Week => at.Hour == 0 && (at.UtcDateTime - DateTime.UnixEpoch).Days % 2 == 0,
        _ => (at.UtcDateTime - DateTime.UnixEpoch).Days % 7 == 0,
    };

    /// <summary>What a range is called.</summary>
    public static string Name(UsageRange range) => range switch
    {
        UsageRange.Hour => "1 h",
        UsageRange.Day => "24 h",
        UsageRange.Week => "7 d",
        _ => "30 d",
    };

    /// <summary>The same in words.</summary>
    public static string Words(UsageRange range) => range switch
    {
        UsageRange.Hour => "the last hour, by the minute",
        UsageRange.Day => "the last 24 hours, by the hour",
        UsageRange.Week => "the last 7 days, in steps of 6 hours",
        _ => "the last 30 days, by the day",
    };
}
