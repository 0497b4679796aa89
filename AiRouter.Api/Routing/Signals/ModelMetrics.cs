namespace AiRouter.Api.Routing.Signals;

/// <summary>What a Triton server's metrics say of one model, all its versions together; null: they do not say.</summary>
internal sealed class ModelMetrics
{
    private double? _pending;
    private double? _active;
    private double? _scheduled;
    private double? _waiting;
    private double? _fraction;
    private double? _used;
    private double? _max;

    /// <summary>TensorRT-LLM runs it.</summary>
    public bool IsEngine => _active is not null || _scheduled is not null || _waiting is not null;

    /// <summary>
    /// Requests there: those that wait for Triton, and those that the engine has taken. An engine counts as active all that it has
    /// taken; releases differ in what they count first, so the larger of its two sums is right.
    /// </summary>
    public double Requests => (_pending ?? 0) + Math.Max(_active ?? 0, (_scheduled ?? 0) + (_waiting ?? 0));

    /// <summary>The share of the KV cache in use, 0 to 1. Older releases tell only the blocks.</summary>
    public double CacheUsed => Math.Clamp(_fraction ?? (_max > 0 ? (_used ?? 0) / _max.Value : 0), 0, 1);

    /// <summary>Takes one sample, if it is one of those that tell the load.</summary>
    public void Take(in PrometheusSample sample)
    {
        if (sample.Name.SequenceEqual(TritonMetrics.Pending))
        {
            Add(ref _pending, sample.Value);
        }
        else if (sample.Name.SequenceEqual(TritonMetrics.Requests))
        {
            switch (sample.FindLabel("request_type"u8))
            {
                case "active":
                    Add(ref _active, sample.Value);
                    break;
                case "scheduled":
                    Add(ref _scheduled, sample.Value);
                    break;
                case "waiting":
                    Add(ref _waiting, sample.Value);
                    break;
            }
        }
        else
        {
            switch (sample.FindLabel("kv_cache_block_type"u8))
            {
                case "fraction":
                    _fraction = Math.Max(_fraction ?? 0, sample.Value);
                    break;
                case "used":
                    Add(ref _used, sample.Value);
                    break;
                case "max":
                    Add(ref _max, sample.Value);
                    break;
            }
        }
    }

    private static void Add(ref double? sum, double value) => sum = (sum ?? 0) + value;
}
