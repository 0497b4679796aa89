using System.Text;
using AiRouter.TritonSimulator.Repository;
using AiRouter.TritonSimulator.Services;

namespace AiRouter.TritonSimulator.Hosting;

/// <summary>The HTTP pages of Triton that probes and scrapers read: health, model readiness, metrics.</summary>
internal static class HttpPages
{
    public static void MapHttpPages(this IEndpointRouteBuilder app, SimulatorState state)
    {
        app.MapGet("/v2/health/live", () => Results.Ok());
        app.MapGet("/v2/health/ready", () => state.Ready ? Results.Ok() : Results.StatusCode(400));
        app.MapGet("/v2/models/{name}/ready", (string name) =>
            state.Repository.Find(name) is { Loaded: true } ? Results.Ok() : Results.StatusCode(400));
        app.MapGet("/metrics", () => Results.Text(Metrics(state.Repository.Entries), "text/plain; version=0.0.4"));
    }

    private static string Metrics(IReadOnlyList<RepositoryEntry> entries)
    {
        var text = new StringBuilder();
        Family(
            text, entries, "nv_inference_request_success", "counter",
            "Number of successful inference requests, all batch sizes", "", counters => counters.Succeeded);
        Family(
            text, entries, "nv_inference_request_failure", "counter",
            "Number of failed inference requests, all batch sizes", ",reason=\"BACKEND\"", counters => counters.Failed);
        Samples(text, entries, "nv_inference_request_failure", ",reason=\"CANCELED\"", counters => counters.Cancelled);
        Family(
            text, entries, "nv_inference_count", "counter",
            "Number of inferences performed (does not include cached requests)", "", counters => counters.Succeeded);
        Family(
            text, entries, "nv_inference_pending_request_count", "gauge",
            "Instantaneous number of pending requests awaiting execution per-model.", "", _ => 0);
        Family(
            text, entries, "airouter_simulator_in_flight", "gauge",
            "Requests that the simulator is answering now", "", counters => counters.InFlight);
        Family(
            text, entries, "airouter_simulator_tokens", "counter",
            "Tokens that the simulator has produced", "", counters => counters.Tokens);
        return text.ToString();
    }

    private static void Family(
        StringBuilder text, IReadOnlyList<RepositoryEntry> entries, string name, string type, string help, string labels,
        Func<ModelCounters, long> value)
    {
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        Samples(text, entries, name, labels, value);
    }

    private static void Samples(
        StringBuilder text, IReadOnlyList<RepositoryEntry> entries, string name, string labels,
        Func<ModelCounters, long> value)
    {
        foreach (var entry in entries)
        {
            text.Append(name).Append("{model=\"").Append(entry.Model.Config.Name).Append("\",version=\"1\"").Append(labels)
                .Append("} ").Append(value(entry.Counters)).Append('\n');
        }
    }
}
