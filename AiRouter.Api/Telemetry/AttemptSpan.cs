using System.Diagnostics;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Telemetry.Content;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Telemetry;

/// <summary>
/// The span of one attempt at a backend: <c>chat {model}</c>, with the model's name at the backend. What is sent there carries its
/// context, so that a backend's own spans hang below it.
/// </summary>
internal sealed class AttemptSpan
{
    // The version of the conventions that its names come from is not known to the exporter otherwise.
    private static readonly ActivitySource _source = new(TelemetryNames.Source, typeof(AttemptSpan).Assembly.GetName().Version?.ToString(3));

    private readonly Activity _span;
    private readonly Exchange _exchange;
    private readonly AnswerNotes _answer;
    private readonly MessageContent? _content;
    private readonly TimeProvider _time;
    private readonly long _started;

    private AttemptSpan(Activity span, Exchange exchange, AnswerNotes answer, MessageContent? content, TimeProvider time)
    {
        _span = span;
        _exchange = exchange;
        _answer = answer;
        _content = content;
        _time = time;
        _started = time.GetTimestamp();
    }

    /// <summary>Begins it as the current activity. Null: attempts are not traced.</summary>
    public static AttemptSpan? Begin(
        Exchange exchange, TargetModel target, AnswerNotes answer, KeyValuePair<string, object?>[] parameters, MessageContent? content,
        TimeProvider time)
    {
        var operation = GenAiNames.OperationOf(exchange.Operation.Name);
        var configured = target.FixedName ?? exchange.Model?.Model.Name;
        if (_source.StartActivity(RequestSpan.NameOf(operation, configured), ActivityKind.Client) is not { } span)
        {
            return null;
        }

        var backend = target.Backend;
        span.SetTag(TelemetryNames.Attributes.Operation, operation);
        span.SetTag(TelemetryNames.Attributes.Provider, GenAiNames.ProviderOf(backend.Config));
        span.SetTag(TelemetryNames.Attributes.Model, exchange.Model is { } model ? target.NameFor(model) : target.Config.Model);
        span.SetTag(TelemetryNames.SpanAttributes.ConfiguredModel, exchange.Model?.Model.Name);
        span.SetTag(TelemetryNames.Attributes.Backend, backend.Name);
        span.SetTag(TelemetryNames.SpanAttributes.Attempt, exchange.Attempts);
        span.SetTag(TelemetryNames.SpanAttributes.ServerAddress, backend.Config.Url.Host);
        span.SetTag(TelemetryNames.SpanAttributes.ServerPort, backend.Config.Url.Port);
        foreach (var (name, value) in parameters)
        {
            span.SetTag(name, value);
        }

        return new AttemptSpan(span, exchange, answer, content, time);
    }

    /// <summary>It has ended, however.</summary>
    /// <param name="error">Why it failed; null: it did not.</param>
    public void End(ApiError? error)
    {
        if (_span.IsAllDataRequested)
        {
            _answer.Describe(_span);
            RequestSpan.Describe(_span, _exchange, _started, _time);
            _content?.Describe(_span, isWhole: error is null);

            // A client that went away is no error of the backend's, nor is what the router refuses before it asks.
            RequestSpan.Fail(_span, error, error is not { Cause: ErrorCause.ClientGone } and not { Stage: AttemptStage.None, EffectiveStatus: < 500 });
        }

        _span.Dispose();
    }
}
