using System.Diagnostics;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>
/// Gives a backend the W3C trace context and no more: .NET's own propagator also passes on the client's <c>baggage</c>, which
/// may say who the client is (R29).
/// </summary>
internal sealed class TracePropagator : DistributedContextPropagator
{
    /// <inheritdoc/>
    public override IReadOnlyCollection<string> Fields { get; } = ["traceparent", "tracestate"];

    /// <inheritdoc/>
    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (activity is not { IdFormat: ActivityIdFormat.W3C, Id: { } id } || setter is null)
        {
            return;
        }

        setter(carrier, "traceparent", id);
        if (!string.IsNullOrEmpty(activity.TraceStateString))
        {
            setter(carrier, "tracestate", activity.TraceStateString);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Only the server reads incoming context, with its own propagator.</remarks>
    public override void ExtractTraceIdAndState(
        object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        traceId = null;
        traceState = null;
    }

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
