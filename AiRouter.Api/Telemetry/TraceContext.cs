using System.Diagnostics;

namespace AiRouter.Api.Telemetry;

/// <summary>
/// The W3C trace context (<c>traceparent</c>, <c>tracestate</c>) on its way through the router. The client's <c>baggage</c> goes no
/// further: it may say who the client is (R29).
/// </summary>
internal static class TraceContext
{
    /// <summary>Tells a client which span its request was (W3C Trace Context, level 2).</summary>
    public const string ResponseHeader = "traceresponse";

    /// <summary>What goes with calls to a backend: our own span's when there is one, else what the client sent.</summary>
    public static (string? Parent, string? State) Of(HttpContext http) =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity
            ? (activity.Id, activity.TraceStateString)
            : (http.Request.Headers.TraceParent, http.Request.Headers.TraceState);
}
