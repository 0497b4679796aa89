using System.Diagnostics;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Telemetry;

/// <summary>The span of a client's request: the one that ASP.NET Core makes for it, with what the request was about.</summary>
internal static class RequestSpan
{
    /// <summary>Describes it at its end.</summary>
    public static void Describe(Activity? span, Exchange exchange, ApiError? error)
    {
        if (span is not { IsAllDataRequested: true })
        {
            return;
        }

        span.SetTag(TelemetryNames.Attributes.Operation, exchange.Operation.Name);
        span.SetTag(TelemetryNames.Attributes.Model, exchange.Model?.Name);
        if (exchange.Backend is not null)
        {
            span.SetTag(TelemetryNames.Attributes.Backend, exchange.Backend);
            span.SetTag(TelemetryNames.Attributes.Attempts, exchange.Attempts);
        }

        if (exchange.Usage.IsKnown)
        {
            span.SetTag(TelemetryNames.Attributes.InputTokens, exchange.Usage.Input);
            span.SetTag(TelemetryNames.Attributes.OutputTokens, exchange.Usage.Output);
        }

        if (error is not null)
        {
            span.SetTag(TelemetryNames.Attributes.ErrorType, error.Cause.ToString());
        }
    }
}
