using System.Diagnostics;

namespace AiRouter.Api.Backends.Triton;

/// <summary>The W3C trace context that goes with calls to a backend.</summary>
internal static class TraceContext
{
    /// <summary>Our own span's when there is one, else what the client sent.</summary>
    public static (string? Parent, string? State) Of(HttpContext http) =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity
            ? (activity.Id, activity.TraceStateString)
            : (http.Request.Headers.TraceParent, http.Request.Headers.TraceState);
}
