using AiRouter.Api.Routing.Targets;

namespace AiRouter.Api.Routing.Signals;

/// <summary>
/// The load that a Triton server's metrics page tells (port 8002): <c>nv_inference_pending_request_count</c>, and of TensorRT-LLM
/// <c>nv_trt_llm_request_metrics</c> and <c>nv_trt_llm_kv_cache_block_metrics</c>. What is not understood is passed over.
/// </summary>
internal sealed class TritonMetrics
{
    // A page that names more is no Triton's.
    private const int MaxModels = 4096;
    private const double MostRequests = 1_000_000_000;

    private readonly Dictionary<string, ModelMetrics> _models = new(StringComparer.Ordinal);

    private TritonMetrics()
    {
    }

    /// <summary>Requests that wait for their model to be executed.</summary>
    internal static ReadOnlySpan<byte> Pending => "nv_inference_pending_request_count"u8;

    /// <summary>Requests in an engine of TensorRT-LLM, by <c>request_type</c>.</summary>
    internal static ReadOnlySpan<byte> Requests => "nv_trt_llm_request_metrics"u8;

    /// <summary>Blocks of its KV cache, by <c>kv_cache_block_type</c>.</summary>
    internal static ReadOnlySpan<byte> CacheBlocks => "nv_trt_llm_kv_cache_block_metrics"u8;

    /// <summary>Reads a page. Never throws, whatever is in it.</summary>
    public static TritonMetrics Read(ReadOnlySpan<byte> text)
    {
        var metrics = new TritonMetrics();
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (line.StartsWith("nv_"u8) && PrometheusSample.TryRead(line, out var sample))
            {
                metrics.Take(sample);
            }
        }

        return metrics;
    }

    /// <summary>The load of a model; null: the page does not tell it.</summary>
    /// <param name="model">Its name at the server; null: any, so all that the server has to do counts.</param>
    /// <param name="parts">
    /// The models that do its work (an ensemble's steps): their load is its load. Null: not known; then the server's only engine counts.
    /// </param>
    public LoadSignal? Find(string? model, IReadOnlyCollection<string>? parts)
    {
        var all = model is null ? _models.Values.ToList() : Named([model, .. parts ?? []]);
        if (model is not null && parts is null && !all.Exists(m => m.IsEngine) &&
            _models.Values.Where(m => m.IsEngine).Take(2).ToList() is [var only])
        {
            all.Add(only);
        }

        return all.Count == 0 ? null : new LoadSignal(all.Sum(m => m.Requests), all.Max(m => m.CacheUsed));
    }

    private List<ModelMetrics> Named(IEnumerable<string> names) =>
        [.. names.Distinct(StringComparer.Ordinal).Select(n => _models.GetValueOrDefault(n)).OfType<ModelMetrics>()];

    private void Take(in PrometheusSample sample)
    {
        var tellsLoad = sample.Name.SequenceEqual(Pending) || sample.Name.SequenceEqual(Requests) || sample.Name.SequenceEqual(CacheBlocks);
        if (!tellsLoad || sample.Value is not (>= 0 and <= MostRequests) || sample.FindLabel("model"u8) is not { } model)
        {
            return;
        }

        if (!_models.TryGetValue(model, out var metrics))
        {
            if (_models.Count == MaxModels)
            {
                return;
            }

            _models[model] = metrics = new ModelMetrics();
        }

        metrics.Take(sample);
    }
}
