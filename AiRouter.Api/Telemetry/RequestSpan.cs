using System.Diagnostics;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Telemetry.Content;
using AiRouter.Core.Configuration;
using AiRouter.ServiceDefaults;

namespace AiRouter.Api.Telemetry;

/// <summary>
/// The span of a client's request: the one that ASP.NET Core made for it, with what the request was about. Its children are the
/// attempts at backends (<see cref="AttemptSpan"/>).
/// </summary>
internal sealed class RequestSpan(Activity span, Exchange exchange, TimeProvider time, bool keepsContent)
{
    private readonly string _operation = GenAiNames.OperationOf(exchange.Operation.Name);
    private KeyValuePair<string, object?>[]? _parameters;
    private MessageContent? _content;
    private BackendConfig? _backend;

    /// <summary>What the answer says of itself, noted by those who relay it; of the attempt that began last.</summary>
    public AnswerNotes Answer { get; private set; } = new();

    /// <summary>The attempt that begins now; null: it is not traced.</summary>
    public AttemptSpan? BeginAttempt(TargetModel target)
    {
        _backend = target.Backend.Config;
        _content ??= keepsContent ? MessageContent.Begin(exchange) : null;
        Answer = new AnswerNotes();
        return AttemptSpan.Begin(exchange, target, Answer, Parameters, _content, time);
    }

    /// <summary>Describes the request at its end.</summary>
    /// <param name="error">Why it failed; null: it did not.</param>
    public void End(ApiError? error)
    {
        span.SetTag(TelemetryNames.Attributes.Operation, _operation);
        span.SetTag(TelemetryNames.SpanAttributes.RequestId, exchange.RequestId);
        if (exchange.Client is { } client)
        {
            span.SetTag(TelemetryNames.SpanAttributes.Key, client.Name);
        }

        if (exchange.Model is { } model)
        {
            span.SetTag(TelemetryNames.Attributes.Model, model.Name);
            span.SetTag(TelemetryNames.SpanAttributes.ConfiguredModel, model.Model.Name);
        }

        if (_backend is not null)
        {
            span.SetTag(TelemetryNames.Attributes.Provider, GenAiNames.ProviderOf(_backend));
            span.SetTag(TelemetryNames.Attributes.Backend, exchange.Backend);
            span.SetTag(TelemetryNames.Attributes.Attempts, exchange.Attempts);
        }

        foreach (var (name, value) in Parameters)
        {
            span.SetTag(name, value);
        }

        Answer.Describe(span);
        Describe(span, exchange, exchange.Started, time);
        ServerSpan.Describe(span, NameOf(_operation, exchange.Model?.Model.Name), error?.Cause.ToString());
        Fail(span, error, error?.EffectiveStatus >= StatusCodes.Status500InternalServerError);
    }

    /// <summary><c>chat llama</c>; names of the configuration only, so that there are no more names than it has.</summary>
    internal static string NameOf(string operation, string? model) => model is null ? operation : $"{operation} {model}";

    /// <summary>What is measured of a whole request and of an attempt alike.</summary>
    internal static void Describe(Activity span, Exchange exchange, long started, TimeProvider time)
    {
        if (exchange.Events?.FirstDataAt is { } firstData)
        {
            span.SetTag(TelemetryNames.SpanAttributes.TimeToFirstChunk, time.GetElapsedTime(started, firstData).TotalSeconds);
        }

        if (exchange.Usage is not { IsKnown: true } usage)
        {
            return;
        }

        span.SetTag(TelemetryNames.Attributes.InputTokens, usage.Input);
        span.SetTag(TelemetryNames.Attributes.OutputTokens, usage.Output);
        if (usage.CachedInput > 0)
        {
            span.SetTag(TelemetryNames.SpanAttributes.CachedTokens, usage.CachedInput);
        }

        if (usage.Reasoning is > 0 and var reasoning)
        {
            span.SetTag(TelemetryNames.SpanAttributes.ReasoningTokens, reasoning);
        }

        if (usage.IsEstimated)
        {
            span.SetTag(TelemetryNames.SpanAttributes.IsEstimated, true);
        }
    }

    /// <summary>A failure by its cause, without a word of its text, which may hold prompts (R39).</summary>
    internal static void Fail(Activity span, ApiError? error, bool isError)
    {
        if (error is null)
        {
            return;
        }

        span.SetTag(TelemetryNames.Attributes.ErrorType, error.Cause.ToString());
        if (isError)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    private KeyValuePair<string, object?>[] Parameters => _parameters ??= RequestParameters.Of(exchange, keepsContent);
}
