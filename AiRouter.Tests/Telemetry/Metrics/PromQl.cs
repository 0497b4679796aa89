using System.Text.RegularExpressions;

namespace AiRouter.Tests.Telemetry.Metrics;

/// <summary>What of Prometheus' query language the tests read.</summary>
internal static partial class PromQl
{
    /// <summary>The names of the metrics in a query.</summary>
    public static IEnumerable<string> Metrics(string query) =>
        Name().Matches(Other().Replace(query, " ")).Select(m => m.Value);

    // What is in braces, in brackets and behind "by" is labels and times.
    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|\b(by|without|on|ignoring) *\([^)]*\)")]
    private static partial Regex Other();

    [GeneratedRegex(@"\b(airouter|gen_ai|http|kestrel|dotnet|aspnetcore|process|target)_[a-zA-Z0-9_]+")]
    private static partial Regex Name();
}
