using AiRouter.Api.Dialects;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Health;
using AiRouter.Api.Routing.Failover;
using AiRouter.Api.Routing.Targets;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing;

/// <summary>
/// Has a model's targets answer: choose one, begin, ask it, judge what came of it, report, and maybe the next (R25, R26); and when the
/// model cannot answer, the models that it names for that (R23).
/// </summary>
internal sealed partial class Dispatcher(
    ModelFallbacks fallbacks, DialectTranslator translator, RouterMetrics metrics, AttemptMetrics attempts, Random random,
    TimeProvider time, ILogger<Dispatcher> logger)
{
    /// <summary>Null when the exchange was answered, else why not.</summary>
    public async ValueTask<ApiError?> DispatchAsync(Exchange exchange)
    {
        var route = exchange.State.Routes[exchange.Model!.Model.Name];
        if (exchange.PinnedBackend is { } pinned && !Has(route, pinned))
        {
            return new ApiError(
                ErrorCause.ObjectNotFound, "An object that the request refers to is not kept where its model is served.");
        }

        var series = new AttemptSeries(exchange);

        // A model whose targets are out is asked all the same, unless another one can answer: then nobody waits for what is down.
        var asksThoseOut = TargetSelector.AreAllWell(route) || !ModelFallbacks.CanAnswer(exchange, route);
        return await AskAsync(exchange, series, route, asksThoseOut) is not { } error ? null
            : ModelFallbacks.ReasonOf(exchange, series, error) is not { } reason ? error
            : await AskOthersAsync(exchange, series, route, reason, error);
    }

    private static bool Has(ModelRoute route, string backend) => route.Targets.Any(t => t.Model.Backend.Name == backend);

    /// <summary>Asks the model's targets, one after the other. Null when one has answered, else why the last did not.</summary>
    private async ValueTask<ApiError?> AskAsync(Exchange exchange, AttemptSeries series, ModelRoute route, bool asksThoseOut)
    {
        series.Enter(route, asksThoseOut);
        route.State.Retries.CountRequest();
        var attempt = TargetSelector.TryBegin(exchange, route, [], asksThoseOut);
        while (attempt is not null)
        {
            if (await AttemptAsync(exchange, series, attempt) is not { } error)
            {
                return null;
            }

            if (!await FailedAnswer.RemoveAsync(exchange))
            {
                series.End();
            }

            attempt = await NextAsync(exchange, series);
            if (attempt is null && exchange.Aborted.IsCancellationRequested)
            {
                return new ApiError(ErrorCause.ClientGone, "The client has gone.");
            }

            if (attempt is not null)
            {
                LogRetry(exchange.RequestId, exchange.Backend, error.Cause, series.Rule, attempt.Target.Model.Backend.Name);
                FailedAnswer.Forget(exchange);
            }
        }

        return series.Error ?? Nobody(exchange, route);
    }

    private static ApiError Nobody(Exchange exchange, ModelRoute route)
    {
        var why = TargetSelector.WhyNobody(exchange, route);
        return new ApiError(
            why.IsFull ? ErrorCause.BackendOverloaded : ErrorCause.BackendUnavailable, "No backend of the model can be asked now.")
        {
            RetryAfter = why.RetryIn,
        };
    }

    /// <summary>One attempt: what came of it is told to the target's health, load and policy, and to the series.</summary>
    private async ValueTask<ApiError?> AttemptAsync(Exchange exchange, AttemptSeries series, TargetAttempt attempt)
    {
        using var ending = attempt;
        var target = attempt.Target;
        var started = time.GetTimestamp();
        exchange.Backend = target.Model.Backend.Name;
        exchange.Attempts++;
        exchange.AttemptStarted = started;
        exchange.Attempt = attempt;
        var load = exchange.Load = target.State.Load.Begin(exchange.Facts.Stream);
        AttemptSpan? span = null;
        var isOver = false;
        ApiError? error = null;
        try
        {
            span = exchange.Span?.BeginAttempt(target.Model);
            error = await translator.SendAsync(target.Backend.Backend, exchange, target.Model);
            isOver = true;
        }
        finally
        {
            exchange.AttemptStarted = null;
            exchange.AnswerTime = time.GetElapsedTime(started);
            exchange.BackendTime += exchange.AnswerTime;

            // An answer that broke off is told to the health of its target, though nobody else can be asked any more.
            var end = error ?? LateFailure(exchange);
            var isWhole = isOver && end is null;
            attempts.Ended(exchange, target.Model.Backend, exchange.AnswerTime, isOver, end);
            load.End(isWhole);
            var verdict = end is not null ? Judge(exchange, target, end)
                : new FailureVerdict(isOver ? TargetOutcome.Success : TargetOutcome.Unknown, RetryRule.Never);
            attempt.End(verdict.Outcome, end?.RetryAfter);
            span?.End(end ?? (isOver ? null : BrokenOff(exchange)));
            if (error is not null)
            {
                series.Failed(target, error, verdict.Retry);
            }
            else if (isWhole)
            {
                series.Route.State.Policy.Served(target, exchange);
            }
        }

        return error;
    }

    /// <summary>Why an attempt ended with an exception that is no failure of its backend.</summary>
    private static ApiError BrokenOff(Exchange exchange) =>
        exchange.BrokenOff ?? new ApiError(ErrorCause.Internal, "The request broke off.");

    private static FailureVerdict Judge(Exchange exchange, RoutedTarget target, ApiError error)
    {
        var backend = target.Model.Backend;
        return FailureTable.Judge(
            error, backend.Config.Kind,
            backend.Credential.Kind == CredentialKind.Forward && exchange.ForwardableCredential is not null);
    }

    /// <summary>Why an answer that had begun was broken off: the client has it in its stream, and nobody else can be asked any more.</summary>
    private static ApiError? LateFailure(Exchange exchange) => (exchange.Failure ?? exchange.Events?.Failure) switch
    {
        { Stage: AttemptStage.None } late => late with { Stage = AttemptStage.Answered },
        var late => late,
    };

    /// <summary>The attempt that follows one that failed; null: none does, so that its error stands.</summary>
    private async ValueTask<TargetAttempt?> NextAsync(Exchange exchange, AttemptSeries series)
    {
        var retry = series.Route.Model.Config.Retry;
        if (!series.MayGoOn || !series.HasNext || series.Attempts >= retry.Attempts || !series.IsInTime(time, TimeSpan.Zero))
        {
            return null;
        }

        var model = new KeyValuePair<string, object?>(TelemetryNames.Attributes.Model, series.Route.Model.Name);
        if (!series.Route.State.Retries.TryTake(retry))
        {
            metrics.RetriesRefused.Add(1, model);
            LogRefused(exchange.RequestId, series.Route.Model.Name);
            return null;
        }

        var next = !series.HasOneTarget ? TargetSelector.TryBegin(exchange, series.Route, series.Tried, series.AsksThoseOut)
            : await WaitAsync(exchange, series, retry) ? TargetSelector.TryBegin(exchange, series.Route, [], series.AsksThoseOut)
            : null;
        if (next is null)
        {
            series.Route.State.Retries.GiveBack();
            return null;
        }

        metrics.Retries.Add(1, model, new(TelemetryNames.Attributes.RetryReason, series.Rule.ToString()));
        return next;
    }

    /// <summary>Waits before the same target is asked again. False: it is not, or the client has gone.</summary>
    private async ValueTask<bool> WaitAsync(Exchange exchange, AttemptSeries series, RetryConfig retry)
    {
        if (series.Error!.ShouldRetry == false ||
            Backoff.Next(retry, series.Attempts, series.Error.RetryAfter, random) is not { } wait || !series.IsInTime(time, wait))
        {
            return false;
        }

        await Task.Delay(wait, time, exchange.Aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !exchange.Aborted.IsCancellationRequested;
    }

    /// <summary>Asks the models that may answer instead. The error of the model that the client asked for stands when none does.</summary>
    private async ValueTask<ApiError?> AskOthersAsync(
        Exchange exchange, AttemptSeries series, ModelRoute from, FallbackReason reason, ApiError error)
    {
        var asked = new AskedModel(exchange);
        foreach (var other in ModelFallbacks.Of(exchange, from, reason))
        {
            if (!series.IsInTime(time, TimeSpan.Zero))
            {
                break;
            }

            var failure = await fallbacks.EnterAsync(exchange, other);
            if (failure is null)
            {
                LogFallback(exchange.RequestId, from.Model.Name, other.Model.Name, reason, error.Cause);
                metrics.Fallbacks.Add(
                    1, new(TelemetryNames.Attributes.Model, from.Model.Name), new(TelemetryNames.Attributes.RetryReason, reason.ToString()));
                failure = await AskAsync(exchange, series, other.Route, asksThoseOut: true);
                if (failure is null)
                {
                    return null;
                }
            }

            // What had come of the other model's answer is charged, with that model's price.
            if (failure.Cause == ErrorCause.ClientGone)
            {
                return failure;
            }

            // A model that does not take the request, or has no room for it, has done nothing.
            if (series.IsOver || (!series.MayGoOn && failure.Stage != AttemptStage.None && !ContextOverflow.IsCauseOf(failure)))
            {
                break;
            }
        }

        fallbacks.Leave(exchange);
        asked.Restore();
        return error;
    }

    [LoggerMessage(2301, LogLevel.Information, "Request {RequestId} failed at {From} with {Cause} ({Rule}) and goes on to {Backend}")]
    private partial void LogRetry(string requestId, string? from, ErrorCause cause, RetryRule rule, string backend);

    [LoggerMessage(2302, LogLevel.Information, "Request {RequestId} goes from model {From} to model {To} ({Reason}): {Cause}")]
    private partial void LogFallback(string requestId, string from, string to, FallbackReason reason, ErrorCause cause);

    [LoggerMessage(2303, LogLevel.Debug, "Request {RequestId} is not tried again: the retry budget of model {Model} is used up")]
    private partial void LogRefused(string requestId, string model);
}
