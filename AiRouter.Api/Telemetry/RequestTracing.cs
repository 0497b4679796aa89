using System.Diagnostics;
using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Telemetry;

/// <summary>
/// Begins the spans of requests. While telemetry is off no request has an activity, so nothing is made, asked or kept for any:
/// everything that spans cost hangs on <see cref="Exchange.Span"/>.
/// </summary>
internal sealed partial class RequestTracing
{
    /// <summary>Prompts and completions are put on spans: OpenTelemetry's own variable, off by default.</summary>
    public const string CaptureVariable = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

    // true, and the newer names of the forms that have content on spans.
    private static readonly string[] _captures = ["true", "span_only", "span_and_event"];

    private readonly TimeProvider _time;
    private readonly bool _keepsContent;

    /// <summary>Reads whether content is wanted, and says so: it is nothing to leave on by accident.</summary>
    public RequestTracing(IConfiguration configuration, TimeProvider time, ILogger<RequestTracing> logger)
    {
        _time = time;
        _keepsContent = configuration[CaptureVariable] is { } value && _captures.Contains(value.Trim(), StringComparer.OrdinalIgnoreCase);
        if (_keepsContent)
        {
            LogContent(logger, CaptureVariable);
        }
    }

    /// <summary>The span of a request that has just come in; null: it is not traced.</summary>
    public RequestSpan? Begin(Exchange exchange)
    {
        if (Activity.Current is not { IdFormat: ActivityIdFormat.W3C } server)
        {
            return null;
        }

        exchange.Http.Response.Headers[TraceContext.ResponseHeader] = server.Id;

        // One without a source is nobody's span: a sampler has said no, and ASP.NET Core made it for its log's sake.
        return server is { IsAllDataRequested: true, Source.Name.Length: > 0 }
            ? new RequestSpan(server, exchange, _time, _keepsContent)
            : null;
    }

    [LoggerMessage(2004, LogLevel.Warning, "{Variable} is set: where traces are exported, spans have the prompts and completions of all clients")]
    private static partial void LogContent(ILogger logger, string variable);
}
