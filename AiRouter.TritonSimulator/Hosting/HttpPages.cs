using System.Globalization;
using System.Text;
using AiRouter.TritonSimulator.Models;
using AiRouter.TritonSimulator.Repository;
using AiRouter.TritonSimulator.Services;

namespace AiRouter.TritonSimulator.Hosting;

/// <summary>The HTTP pages of Triton that probes and scrapers read: health, model readiness, metrics.</summary>
internal static class HttpPages
{
    // As many as the largest batch of its models.
    private const int EngineSlots = 64;
    private const int BlocksPerRequest = 100;

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
        Engine(text, entries);
        return text.ToString();
    }

    /// <summary>What TensorRT-LLM tells of its engine, which works for all three of its models.</summary>
    private static void Engine(StringBuilder text, IReadOnlyList<RepositoryEntry> entries)
    {
        var active = entries.Where(e => e.Model is EnsembleModel or BlsModel or LlmApiModel).Sum(e => e.Counters.InFlight);
        var scheduled = Math.Min(active, EngineSlots);
        text.Append("# HELP nv_trt_llm_request_metrics TRT LLM request metrics\n# TYPE nv_trt_llm_request_metrics gauge\n");
        Sample("nv_trt_llm_request_metrics", "request_type", "active", active);
        Sample("nv_trt_llm_request_metrics", "request_type", "scheduled", scheduled);
        Sample("nv_trt_llm_request_metrics", "request_type", "waiting", active - scheduled);
        Sample("nv_trt_llm_request_metrics", "request_type", "max", EngineSlots);
        text.Append("# HELP nv_trt_llm_kv_cache_block_metrics TRT LLM KV cache block metrics\n")
            .Append("# TYPE nv_trt_llm_kv_cache_block_metrics gauge\n");
        Sample("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "used", scheduled * BlocksPerRequest);
        Sample("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "free", (EngineSlots - scheduled) * BlocksPerRequest);
        Sample("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "max", EngineSlots * BlocksPerRequest);
        Sample("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "fraction", scheduled / (double)EngineSlots);
        Sample("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "tokens_per", 64);

        void Sample(string name, string label, string type, double value) =>
            text.Append(name).Append('{').Append(label).Append("=\"").Append(type).Append("\",model=\"tensorrt_llm\",version=\"1\"} ")
                .Append(CultureInfo.InvariantCulture, $"{value}").Append('\n');
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
