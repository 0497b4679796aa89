using System.Globalization;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Routing;

namespace AiRouter.Api.Telemetry;

/// <summary>
/// Who answered after how many attempts (<c>server.exposeBackend</c>), and where the time went (<c>server.serverTiming</c>): set when
/// the headers go out, of answers, streams and errors alike.
/// </summary>
internal static class DiagnosticHeaders
{
    /// <summary>The name in the configuration of the backend that was asked last.</summary>
    public const string Backend = "x-airouter-backend";

    /// <summary>How many attempts at backends there were.</summary>
    public const string Attempts = "x-airouter-attempts";

    /// <summary>Has them set when the response begins.</summary>
    public static void AddTo(Exchange exchange, TimeProvider time)
    {
        var server = exchange.State.Server;
        if (server.ExposeBackend || server.ServerTiming)
        {
            exchange.Http.Response.OnStarting(
                static state =>
                {
                    var (exchange, time) = ((Exchange, TimeProvider))state;
                    Set(exchange, time);
                    return Task.CompletedTask;
                },
                (exchange, time));
        }
    }

    private static void Set(Exchange exchange, TimeProvider time)
    {
        var headers = exchange.Http.Response.Headers;
        var server = exchange.State.Server;
        if (server.ExposeBackend && exchange.Backend is { } backend)
        {
            headers[Backend] = ModelRouter.Visible(backend);
            headers[Attempts] = exchange.Attempts.ToString(CultureInfo.InvariantCulture);
        }

        if (server.ServerTiming)
        {
            var now = time.GetTimestamp();
            var upstream = exchange.AttemptStarted is { } began
                ? exchange.BackendTime + time.GetElapsedTime(began, now)
                : exchange.BackendTime;
            headers["Server-Timing"] = string.Create(
                CultureInfo.InvariantCulture,
                stackalloc char[128],
                $"queue;dur={new Tenths(exchange.QueueTime.TotalMilliseconds)}, upstream;dur={new Tenths(upstream.TotalMilliseconds)}, " +
                $"total;dur={new Tenths(time.GetElapsedTime(exchange.Started, now).TotalMilliseconds)}");
        }
    }
}
