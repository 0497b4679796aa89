using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Metering;

namespace AiRouter.Api.Telemetry;

/// <summary>Settles a request with the outside world: metrics, usage, and what the access log is told.</summary>
internal sealed partial class RequestRecorder(
    RequestMetrics metrics, RequestTracing tracing, TimeProvider timeProvider, ILogger<RequestRecorder> logger, UsageMeter? usage = null)
{
    /// <summary>Requests under way.</summary>
    public int Active => (int)metrics.Active;

    /// <summary>Starts the clock.</summary>
    public RequestRecord Begin(Exchange exchange)
    {
        metrics.Began();
        exchange.Started = timeProvider.GetTimestamp();
        DiagnosticHeaders.AddTo(exchange, timeProvider);
        exchange.Span = tracing.Begin(exchange);
        return new RequestRecord(this, exchange, exchange.Started);
    }

    /// <summary>Who asks is known: their bodies are kept from now on, if that is what they are for.</summary>
    public void KeepBodies(Exchange exchange)
    {
        if (exchange.Client is { LogBodies: true } && usage?.RequestLog is { } log)
        {
            exchange.Bodies = new BodyCapture(exchange.Http, log.MaxBodyKiB * 1024);
        }
    }

    /// <summary>What is known of one request at its end.</summary>
    internal void Settle(RequestRecord record, ApiError? end)
    {
        var exchange = record.Exchange;
        var elapsed = timeProvider.GetElapsedTime(record.Started);
        var status = record.Error is { } error ? error.EffectiveStatus : exchange.Http.Response.StatusCode;
        TimeSpan? firstToken = exchange.Events?.FirstDataAt is { } firstData
            ? timeProvider.GetElapsedTime(record.Started, firstData)
            : null;
        metrics.Ended(exchange, record.Error, status, elapsed, firstToken);
        AccessEntry.Note(exchange);
        Meter(record, end, elapsed, firstToken);
        exchange.Span?.End(end);
    }

    /// <summary>One failure, at the level that its row says.</summary>
    internal void LogFailure(Exchange exchange, ApiError error)
    {
        AccessEntry.Note(exchange.Http, error);
        var level = ErrorTable.For(error.Cause).Level;
        if (logger.IsEnabled(level))
        {
            LogError(level, exchange.RequestId, error.Cause, error.EffectiveStatus);
        }

        if (error.Detail is not null)
        {
            LogDetail(exchange.RequestId, error.Detail);
        }
    }

    private void Meter(RequestRecord record, ApiError? end, TimeSpan elapsed, TimeSpan? firstToken)
    {
        if (usage is null || record.Exchange.IsHandedOn)
        {
            return;
        }

        var exchange = record.Exchange;
        var response = exchange.Http.Response;
        usage.Record(
            new UsageRecord
            {
                At = timeProvider.GetUtcNow(),
                RequestId = exchange.RequestId,
                KeyId = exchange.Client?.Id,
                KeyName = exchange.Client?.Name,
                Admin = exchange.Admin,
                Model = exchange.Model?.Model.Name,
                Backend = exchange.Backend,
                Operation = exchange.Operation.Name,

                // An error after the first byte changes the outcome, not the status that the client has.
                Status = end is null || (response.HasStarted && end.Cause != ErrorCause.ClientGone)
                    ? response.StatusCode
                    : end.EffectiveStatus,
                Error = end?.Cause.ToString(),
                InputTokens = exchange.Usage.Input,
                CachedTokens = exchange.Usage.CachedInput,
                OutputTokens = exchange.Usage.Output,
                IsEstimated = exchange.Usage.IsEstimated,
                NanoUsd = exchange.NanoUsd,
                TimeToFirstToken = firstToken,
                Duration = elapsed,
                QueueTime = exchange.QueueTime > TimeSpan.Zero ? exchange.QueueTime : null,
                BackendTime = exchange.BackendTime > TimeSpan.Zero ? exchange.BackendTime : null,
                Attempts = exchange.Attempts,
            },
            exchange.Bodies?.Take(exchange, end));
    }

    [LoggerMessage(EventId = 2002, Message = "Request {RequestId} failed: {Cause}, answered with {Status}")]
    private partial void LogError(LogLevel level, string requestId, ErrorCause cause, int status);

    [LoggerMessage(2003, LogLevel.Trace, "Request {RequestId} failed because: {Detail}")]
    private partial void LogDetail(string requestId, string detail);
}
