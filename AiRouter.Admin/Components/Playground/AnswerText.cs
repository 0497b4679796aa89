using System.Globalization;
using AiRouter.Admin.Management.Playground;

namespace AiRouter.Admin.Components.Playground;

/// <summary>Figures of an answer, in words.</summary>
internal static class AnswerText
{
    /// <summary>A time, with as many digits as say something.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:N0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:N2} s");

    /// <summary>Tokens in and out.</summary>
    public static string Usage(AnswerUsage usage)
    {
        var cached = usage.Cached is > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({usage.Cached:N0} cached)") : "";
        var reasoning = usage.Reasoning is > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({usage.Reasoning:N0} reasoning)") : "";
        var estimate = usage.IsEstimated ? ", estimated" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{usage.Input:N0} in{cached}, {usage.Output:N0} out{reasoning}{estimate}");
    }

    /// <summary><c>queue;dur=1.2, upstream;dur=30.1, total;dur=31.5</c> in words.</summary>
    public static string Timing(string header) => string.Join(", ", header.Split(',', StringSplitOptions.TrimEntries).Select(static part =>
    {
        var at = part.IndexOf(";dur=", StringComparison.Ordinal);
        return at < 0 ? part : $"{Name(part[..at])} {part[(at + 5)..]} ms";
    }));

    private static string Name(string timing) => timing switch
    {
        "queue" => "waiting for a place",
        "upstream" => "backend",
        _ => timing,
    };
}
