using AiRouter.Tests.Repository;
using YamlDotNet.Serialization;

namespace AiRouter.Tests.Telemetry.Metrics;

/// <summary>The rules for alerts in <c>docs/grafana</c>.</summary>
internal static class AlertRules
{
    /// <summary>The file.</summary>
    public static string Path { get; } = System.IO.Path.Combine(Checkout.Root, "docs/grafana/alerts.yaml");

    /// <summary>What they ask.</summary>
    public static IReadOnlyList<string> Queries
    {
        get
        {
            var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, List<Dictionary<string, object>>>>(File.ReadAllText(Path));
            return [.. file["groups"].SelectMany(g => (List<object>)g["rules"]).Select(r => (string)((Dictionary<object, object>)r)["expr"])];
        }
    }
}
