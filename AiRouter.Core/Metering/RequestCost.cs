using AiRouter.Core.Configuration;

namespace AiRouter.Core.Metering;

/// <summary>
/// What a request costs at its model's price, in billionths of a US dollar, rounded up: no request is cheaper than it was, and
/// a sum of costs is a sum of whole numbers.
/// </summary>
public static class RequestCost
{
    /// <summary>The most that a cost comes to: what a double holds exactly, because the store's scripts count in doubles.</summary>
    public const long Most = 1L << 53;

    // A price is in dollars for a million tokens, so a token costs a thousand times its figure in billionths.
    private const decimal NanoUsdPerToken = 1_000;
    private const decimal NanoUsdPerUsd = 1_000_000_000;

    /// <summary>What was used, at its price.</summary>
    /// <param name="price">The model's; null: nothing, because nobody knows.</param>
    /// <param name="input">Input tokens, cached ones included.</param>
    /// <param name="cachedInput">Those of them that came from the backend's cache.</param>
    /// <param name="output">Output tokens, reasoning included.</param>
    /// <param name="backendTime">How long the backend worked.</param>
    public static long NanoUsd(PriceConfig? price, long input, long cachedInput, long output, TimeSpan backendTime)
    {
        if (price is null)
        {
            return 0;
        }

        var cached = Math.Clamp(cachedInput, 0, Math.Max(0, input));
        var fresh = Math.Max(0, input) - cached;
        var cost = (fresh * (price.Input ?? 0) * NanoUsdPerToken)
            + (cached * (price.CachedInput ?? price.Input ?? 0) * NanoUsdPerToken)
            + (Math.Max(0, output) * (price.Output ?? 0) * NanoUsdPerToken)
            + ((price.PerRequest ?? 0) * NanoUsdPerUsd)
            + ((price.PerGpuSecond ?? 0) * Math.Max(0, backendTime.Ticks) * (NanoUsdPerUsd / TimeSpan.TicksPerSecond));
        return (long)Math.Min(Most, decimal.Ceiling(cost));
    }

    /// <summary>The most that a request can cost: no input from the cache, if that is what is cheaper.</summary>
    /// <param name="price">The model's.</param>
    /// <param name="input">The most input tokens that it may have.</param>
    /// <param name="output">The most output tokens that it may make.</param>
    /// <param name="mostTime">The longest that the backend may work: its total timeout.</param>
    public static long MostNanoUsd(PriceConfig? price, long input, long output, TimeSpan mostTime) =>
        Math.Max(NanoUsd(price, input, 0, output, mostTime), NanoUsd(price, input, input, output, mostTime));
}
