using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Routing.Failover;

/// <summary>What an attempt that failed has left behind: neither the next answer nor an error may carry it.</summary>
internal static class FailedAnswer
{
    /// <summary>Takes back what described the answer, as far as it has not been sent. Called after each attempt that failed.</summary>
    /// <returns>Whether another answer can still take its place.</returns>
    public static async ValueTask<bool> RemoveAsync(Exchange exchange)
    {
        var response = exchange.Http.Response;
        if (exchange.Events is { } events)
        {
            // Without a stream nobody but the next attempt writes headers; it begins one that has been silent for as long.
            if (await events.TryWithdrawAsync())
            {
                await events.DisposeAsync();
                exchange.SilentSince = events.LastWrite;
                exchange.Events = null;
            }
            else
            {
                // Comments have been sent (R27), and only events can follow: not every operation's answers are.
                events.NextEvent = 0;
                return !events.HasData && events.Dialect != StreamDialect.Opaque;
            }
        }

        if (response.HasStarted)
        {
            return false;
        }

        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = null;
        response.ContentLength = null;
        response.Headers.Remove(UsageText.Header);
        response.Headers.Remove(UnsupportedList.Header);
        ResponseHeaders.Remove(response);
        return true;
    }

    /// <summary>Forgets what was counted of the answer, before another one is asked for.</summary>
    public static void Forget(Exchange exchange)
    {
        exchange.Usage = default;
        exchange.Progress = null;
        exchange.Input = null;
        exchange.InputEstimate = null;
        exchange.TokenLimit = null;
    }
}
