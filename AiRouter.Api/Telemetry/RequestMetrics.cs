using System.Diagnostics;
using System.Diagnostics.Metrics;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Telemetry;

/// <summary>The instruments of client requests: what each of them was, told at its end.</summary>
internal sealed class RequestMetrics
{
    private const double NanoUsdPerUsd = 1_000_000_000;

    // A measurement takes objects: all requests with a status have the same one.
    private static readonly object[] _statuses = [.. Enumerable.Range(0, 1000).Cast<object>()];

    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstToken;
    private readonly Histogram<double> _outputToken;
    private readonly Histogram<long> _tokens;
    private readonly Counter<long> _cachedTokens;
    private readonly Counter<long> _errors;
    private readonly Counter<double> _cost;
    private long _active;

    /// <summary>Creates them on the router's meter.</summary>
    public RequestMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(TelemetryNames.Source);
        _duration = meter.CreateHistogram(
            TelemetryNames.RequestDuration, "s", "Time from request to the end of the answer.", advice: Buckets.Durations);
        _firstToken = meter.CreateHistogram(
            TelemetryNames.TimeToFirstToken, "s", "Time from request to the first data event of a streamed answer.",
            advice: Buckets.FirstTokens);
        _outputToken = meter.CreateHistogram(
            TelemetryNames.TimePerOutputToken, "s", "Time per token of a streamed answer, after the first.", advice: Buckets.OutputTokens);
        _tokens = meter.CreateHistogram(
            TelemetryNames.TokenUsage, "{token}", "Tokens of requests, by type.", advice: Buckets.Tokens);
        _cachedTokens = meter.CreateCounter<long>(
            TelemetryNames.CachedTokens, "{token}", "Input tokens that backends had in their caches.");
        _errors = meter.CreateCounter<long>(TelemetryNames.Errors, "{error}", "Requests that failed, by cause.");
        _cost = meter.CreateCounter<double>(TelemetryNames.Cost, "usd", "What requests cost at their models' prices.");
        meter.CreateObservableUpDownCounter(TelemetryNames.ActiveRequests, () => Active, "{request}", "Requests under way.");
    }

    /// <summary>Requests under way.</summary>
    public long Active => Interlocked.Read(ref _active);

    /// <summary>A request has come in.</summary>
    public void Began() => Interlocked.Increment(ref _active);

    /// <summary>A request has ended.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="error">Why it failed, or null.</param>
    /// <param name="status">The status that stands for its end, also where a stream had begun with another one.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="firstToken">When the first data event of a stream went out, counted from its beginning; null: none did.</param>
    public void Ended(Exchange exchange, ApiError? error, int status, TimeSpan duration, TimeSpan? firstToken)
    {
        Interlocked.Decrement(ref _active);
        var tags = TagsOf(exchange);
        if (firstToken is { } first && error is null)
        {
            _firstToken.Record(first.TotalSeconds, tags);

            // The convention counts answers without errors only, and the time that the first token took is its own figure.
            if (exchange.Usage is { IsKnown: true, Output: > 1 } usage && duration > first)
            {
                _outputToken.Record((duration - first).TotalSeconds / (usage.Output - 1), tags);
            }
        }

        if (exchange.Usage.IsKnown)
        {
            Count(exchange.Usage, tags);
        }

        if (exchange.NanoUsd > 0)
        {
            _cost.Add(exchange.NanoUsd / NanoUsdPerUsd, ModelOf(exchange));
        }

        if (error is not null)
        {
            tags.Add(TelemetryNames.Attributes.ErrorType, error.Cause.ToString());
        }

        tags.Add(TelemetryNames.Attributes.Status, _statuses[Math.Clamp(status, 0, 999)]);
        _duration.Record(duration.TotalSeconds, tags);
        if (error is not null)
        {
            _errors.Add(1, tags);
        }
    }

    // Only names that stand in the configuration: what a client made up would be a series of its own for ever.
    private static TagList TagsOf(Exchange exchange)
    {
        var tags = new TagList { { TelemetryNames.Attributes.Operation, GenAiNames.OperationOf(exchange.Operation.Name) } };
        if (exchange.Model is not null)
        {
            tags.Add(ModelOf(exchange));
        }

        return tags;
    }

    private static KeyValuePair<string, object?> ModelOf(Exchange exchange) =>
        new(TelemetryNames.Attributes.Model, exchange.Model?.Model.Name);

    private void Count(TokenUsage usage, TagList tags)
    {
        if (usage.CachedInput > 0)
        {
            _cachedTokens.Add(usage.CachedInput, tags);
        }

        var type = tags.Count;
        tags.Add(TelemetryNames.Attributes.TokenType, "input");
        _tokens.Record(usage.Input, tags);
        tags[type] = new(TelemetryNames.Attributes.TokenType, "output");
        _tokens.Record(usage.Output, tags);
    }
}
