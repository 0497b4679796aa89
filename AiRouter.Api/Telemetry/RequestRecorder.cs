using System.Diagnostics;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Routing;
using AiRouter.Core.Metering;

namespace AiRouter.Api.Telemetry;

/// <summary>Settles a request with the outside world: metrics, usage, and one line in the access log.</summary>
internal sealed partial class RequestRecorder(
    RouterMetrics metrics, TimeProvider timeProvider, ILogger<RequestRecorder> logger, UsageMeter? usage = null)
{
    private const double NanoUsdPerUsd = 1_000_000_000;

    private int _active;

    /// <summary>Requests under way.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Starts the clock.</summary>
    public RequestRecord Begin(Exchange exchange)
    {
        metrics.Active.Add(1);
        Interlocked.Increment(ref _active);
        exchange.Started = timeProvider.GetTimestamp();
        DiagnosticHeaders.AddTo(exchange, timeProvider);
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
        var tags = new TagList
        {
            { TelemetryNames.Attributes.Operation, exchange.Operation.Name },
            { TelemetryNames.Attributes.Model, exchange.Model?.Model.Name ?? "" },
            { TelemetryNames.Attributes.Status, status },
        };
        metrics.Active.Add(-1);
        Interlocked.Decrement(ref _active);
        metrics.Duration.Record(elapsed.TotalSeconds, tags);
        if (exchange.Events?.FirstDataAt is { } firstData)
        {
            metrics.TimeToFirstToken.Record(timeProvider.GetElapsedTime(record.Started, firstData).TotalSeconds, tags);
        }

        if (record.Error is not null)
        {
            tags.Add(TelemetryNames.Attributes.ErrorType, record.Error.Cause.ToString());
            metrics.Errors.Add(1, tags);
        }

        if (exchange.Usage.IsKnown)
        {
            Count(exchange, "input", exchange.Usage.Input);
            Count(exchange, "output", exchange.Usage.Output);
        }

        if (exchange.NanoUsd > 0)
        {
            metrics.Cost.Add(
                exchange.NanoUsd / NanoUsdPerUsd, new KeyValuePair<string, object?>(TelemetryNames.Attributes.Model, exchange.Model?.Model.Name));
        }

        Meter(record, end, elapsed);
        RequestSpan.Describe(Activity.Current, exchange, record.Error);
        var request = exchange.Http.Request;
        LogRequest(
            ClientAddress.Of(exchange.Http, exchange.State.Server.TrustedProxies), request.Method,
            request.PathBase.Add(request.Path), status, elapsed.TotalMilliseconds, exchange.RequestId, exchange.Client?.Name ?? "-", ModelRouter.Visible(exchange.Model?.Name ?? "-"),
            record.Error?.Cause.ToString() ?? "-", exchange.Backend ?? "-", exchange.Attempts, exchange.Usage.Input, exchange.Usage.Output,
            ModelRouter.Visible(exchange.Admin ?? "-"));
    }

    /// <summary>One failure, at the level that its row says.</summary>
    internal void LogFailure(Exchange exchange, ApiError error)
    {
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

    private void Meter(RequestRecord record, ApiError? end, TimeSpan elapsed)
    {
        if (usage is null)
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
                TimeToFirstToken = exchange.Events?.FirstDataAt is { } firstData
                    ? timeProvider.GetElapsedTime(record.Started, firstData)
                    : null,
                Duration = elapsed,
                QueueTime = exchange.QueueTime > TimeSpan.Zero ? exchange.QueueTime : null,
                BackendTime = exchange.BackendTime > TimeSpan.Zero ? exchange.BackendTime : null,
                Attempts = exchange.Attempts,
            },
            exchange.Bodies?.Take(exchange, end));
    }

    private void Count(Exchange exchange, string type, int tokens)
    {
        metrics.Tokens.Add(tokens, new TagList
        {
            { TelemetryNames.Attributes.Operation, exchange.Operation.Name },
            { TelemetryNames.Attributes.Model, exchange.Model?.Model.Name ?? "" },
            { TelemetryNames.Attributes.TokenType, type },
        });
    }

    [LoggerMessage(1, LogLevel.Information,
        "{Remote} {Method} {Path} {Status} {Milliseconds:F1} ms id={RequestId} key={Key} model={Model} cause={Cause} backend={Backend} attempts={Attempts} in={Input} out={Output} admin={Admin}")]
    private partial void LogRequest(
        System.Net.IPAddress? remote, string method, string path, int status, double milliseconds, string requestId,
        string key, string model, string cause, string backend, int attempts, int input, int output, string admin);

    [LoggerMessage(EventId = 2, Message = "Request {RequestId} failed: {Cause}, answered with {Status}")]
    private partial void LogError(LogLevel level, string requestId, ErrorCause cause, int status);

    [LoggerMessage(3, LogLevel.Trace, "Request {RequestId} failed because: {Detail}")]
    private partial void LogDetail(string requestId, string detail);
}
