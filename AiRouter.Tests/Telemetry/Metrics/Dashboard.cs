using System.Text.Json;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Telemetry.Metrics;

/// <summary>The dashboard for Grafana in <c>docs/grafana</c>.</summary>
internal static class Dashboard
{
    // As Grafana fills them in when all is chosen.
    private static readonly (string Variable, string Value)[] _variables =
        [("$__rate_interval", "1m"), ("$job", ".*"), ("$instance", ".*"), ("$model", ".*")];

    /// <summary>The file.</summary>
    public static JsonElement Root { get; } = JsonDocument.Parse(File.ReadAllText(Path.Combine(Checkout.Root, "docs/grafana/airouter.json"))).RootElement;

    /// <summary>Its panels, rows left out.</summary>
    public static IReadOnlyList<JsonElement> Panels =>
        [.. Root.GetProperty("panels").EnumerateArray().Where(p => p.GetProperty("type").GetString() != "row")];

    /// <summary>What all panels ask.</summary>
    public static IReadOnlyList<string> Queries =>
        [.. Panels.SelectMany(p => p.GetProperty("targets").EnumerateArray()).Select(t => Fill(t.GetProperty("expr").GetString()!))];

    private static string Fill(string query) => _variables.Aggregate(query, static (text, v) => text.Replace(v.Variable, v.Value, StringComparison.Ordinal));
}
