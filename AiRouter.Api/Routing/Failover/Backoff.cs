using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing.Failover;

/// <summary>How long is waited before the same target is asked again; another one is asked at once.</summary>
internal static class Backoff
{
    /// <summary>The longest wait before the <paramref name="repeat"/>-th repeat, counted from 1: doubled each time.</summary>
    public static TimeSpan Longest(RetryConfig config, int repeat) =>
        TimeSpan.FromSeconds(config.Backoff * Math.Pow(2, repeat - 1));

    /// <summary>
    /// The wait, spread over the upper half, so that those who failed together do not come together; but never less than the backend
    /// asked for. Null: it asked for more than would be waited anyhow, so the client is told instead, with the figure.
    /// </summary>
    public static TimeSpan? Next(RetryConfig config, int repeat, TimeSpan? retryAfter, Random random)
    {
        var longest = Longest(config, repeat);
        if (retryAfter > longest)
        {
            return null;
        }

        var wait = longest * (0.5 + (random.NextDouble() / 2));
        return retryAfter > wait ? retryAfter : wait;
    }
}
