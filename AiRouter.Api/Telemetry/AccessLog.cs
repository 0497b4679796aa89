using AiRouter.Api.Authentication;
using AiRouter.Api.Backends;
using Microsoft.AspNetCore.Http.Features;

namespace AiRouter.Api.Telemetry;

/// <summary>
/// One line for each request at its end, whatever came of it: answers, errors, model lists, unknown paths and preflights. Probes and
/// scrapes have none, unless they were refused. No query string, no body, no header but the request id (R39).
/// </summary>
internal sealed class AccessLog(RequestDelegate next, RouterStates states, TimeProvider time, ILogger<AccessLog> logger)
{
    // As LoggerMessage would write it; see AccessLine for why it is not used.
    private static readonly EventId Event = new(1, "Request");

    /// <summary>Runs the rest of the pipeline, then writes the line.</summary>
    public Task InvokeAsync(HttpContext http) => logger.IsEnabled(LogLevel.Information) ? LogAsync(http) : next(http);

    private async Task LogAsync(HttpContext http)
    {
        var started = time.GetTimestamp();
        var entry = new AccessEntry();
        var body = new CountedResponseBody(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        http.Features.Set(entry);
        http.Features.Set<IHttpResponseBodyFeature>(body);
        try
        {
            await next(http);
        }
        finally
        {
            if (entry.Error is not null || !TelemetryGuard.IsTelemetry(http.Request.Path))
            {
                var line = new AccessLine(http, entry, states.TrustedProxies, time, started, body.Count + entry.Sent);
                logger.Log(LogLevel.Information, Event, line, null, static (line, _) => line.ToString());
            }
        }
    }
}
