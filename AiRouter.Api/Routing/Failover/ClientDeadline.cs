using System.Globalization;
using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Routing.Failover;

/// <summary>When the client stops waiting, where it says so: what begins later is done for nobody.</summary>
internal static class ClientDeadline
{
    // OpenAI's SDKs, in seconds: Node until the response begins, Python between two reads.
    private static readonly string[] Headers = ["x-stainless-timeout", "x-stainless-read-timeout"];

    /// <summary>
    /// How long after its request the client waits for the first byte; null: it does not say, or has had a byte (R27), after which
    /// its timeout has begun anew or ended.
    /// </summary>
    public static TimeSpan? Of(Exchange exchange)
    {
        if (exchange.Events is { IsCommitted: true })
        {
            return null;
        }

        TimeSpan? first = null;
        foreach (var name in Headers)
        {
            // 0 is what less than a second is rounded to.
            if (double.TryParse(
                    exchange.Http.Request.Headers[name], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) &&
                seconds is > 0 and < 1_000_000 && !(TimeSpan.FromSeconds(seconds) >= first))
            {
                first = TimeSpan.FromSeconds(seconds);
            }
        }

        return first;
    }
}
