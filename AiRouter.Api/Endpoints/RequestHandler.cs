using AiRouter.Api.Admission;
using AiRouter.Api.Authentication;
using AiRouter.Api.Backends;
using AiRouter.Api.Dialects.Kept;
using AiRouter.Api.Dialects.Kept.Background;
using AiRouter.Api.Draining;
using AiRouter.Api.Errors;
using AiRouter.Api.Objects;
using AiRouter.Api.Queueing;
using AiRouter.Api.Requests;
using AiRouter.Api.Routing;
using AiRouter.Api.Sockets.Turns;
using AiRouter.Api.Telemetry;

namespace AiRouter.Api.Endpoints;

/// <summary>The way of a request, top to bottom. Each step is one small type; the first that fails ends the way.</summary>
internal sealed class RequestHandler(
    RouterStates states,
    Authenticator authenticator,
    BodyReader bodies,
    KeptResponses kept,
    ObjectReferences references,
    BackgroundResponses background,
    ModelQueues queues,
    Dispatcher dispatcher,
    EarlyRefusal early,
    RequestAdmission admission,
    RequestRecorder recorder,
    Drain drain)
{
    /// <summary>Answers one request of <paramref name="operation"/>.</summary>
    public async Task HandleAsync(HttpContext http, Operation operation)
    {
        if (operation.Errors is not null)
        {
            http.Features.Set(operation.Errors);
        }

        if (operation.IdHeader is { } idHeader)
        {
            http.Response.Headers[idHeader] = RequestIds.Of(http);
        }

        if (states.Enter() is not { } state)
        {
            await ErrorResponse.WriteAsync(http, new ApiError(
                ErrorCause.NotConfigured, "The router has no configuration yet. Its log says why."));
            return;
        }

        var turn = http.Features.Get<Turn>();
        await using var exchange = new Exchange(http, operation, state, RequestIds.Of(http))
        {
            Running = drain.Enter(http),
            Turn = turn,
            PinnedBackend = turn?.OpenBackend?.Name,
            PathModel = EncodedSlash.Decode(http.GetRouteValue(InferenceEndpoints.AzureDeployment)),
        };
        var record = recorder.Begin(exchange);
        var isOver = false;
        try
        {
            var error = await AnswerAsync(exchange, StepsAsync(exchange));
            isOver = true;
            if (error is not null)
            {
                early.Show(exchange);
                record.Failed(error);
                await SendAsync(exchange, error);
            }
        }
        finally
        {
            NoteLateFailure(exchange, record);
            var end = EndOf(exchange, record, isOver);
            admission.Settle(exchange, end);
            record.End(end);
            await state.LeaveAsync();
        }
    }

    /// <summary>The steps, and what becomes of a request that the router cuts off in one of them.</summary>
    internal static async ValueTask<ApiError?> AnswerAsync(Exchange exchange, ValueTask<ApiError?> steps)
    {
        try
        {
            return DrainErrors.Name(exchange, await steps);
        }
        catch (OperationCanceledException) when (exchange.BrokenOff is { Cause: ErrorCause.Draining })
        {
            return exchange.BrokenOff;
        }
    }

    private async ValueTask<ApiError?> StepsAsync(Exchange exchange) =>
        DrainErrors.Refuse(drain)
        ?? await AuthenticateAsync(exchange)
        ?? await early.CheckAsync(exchange)
        ?? await bodies.ReadAsync(exchange)
        ?? ModelRouter.Route(exchange)
        ?? TurnRules.CheckModel(exchange)
        ?? ModelLimits.Check(exchange)
        ?? kept.Check(exchange)
        ?? await references.CheckAsync(exchange)
        ?? TurnRules.CheckKept(exchange)
        ?? await (BackgroundResponses.Takes(exchange) ? background.AcceptAsync(exchange) : ServeAsync(exchange));

    private async ValueTask<ApiError?> ServeAsync(Exchange exchange) =>
        await queues.EnterAsync(exchange)
        ?? await dispatcher.DispatchAsync(exchange);

    private async ValueTask<ApiError?> AuthenticateAsync(Exchange exchange)
    {
        var refused = await authenticator.AuthenticateAsync(exchange);
        recorder.KeepBodies(exchange);
        return refused;
    }

    /// <summary>An error that a backend sent itself, at the end of an answer that had begun.</summary>
    internal static void NoteLateFailure(Exchange exchange, RequestRecord record)
    {
        if (record.Error is null && (exchange.Failure ?? exchange.Events?.Failure) is { } late)
        {
            record.Failed(late);
        }
    }

    /// <summary>Why there is no whole answer; null: there is one. An exception on its way out tells nothing itself.</summary>
    internal static ApiError? EndOf(Exchange exchange, RequestRecord record, bool isOver) => record.Error ?? (isOver
        ? null
        : exchange.BrokenOff ?? new ApiError(ErrorCause.Internal, "The request broke off."));

    /// <summary>Before the response has begun an error is a response of its own, afterwards the last event of the stream.</summary>
    internal static async ValueTask SendAsync(Exchange exchange, ApiError error)
    {
        if (exchange.Http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (exchange.Turn is { } turn)
        {
            exchange.Http.Response.StatusCode = error.EffectiveStatus;
            await turn.TellAsync(error);
            return;
        }

        if (exchange.Events is { } events && !await events.TryWithdrawAsync())
        {
            await events.FailAsync(error);
            return;
        }

        await ErrorResponse.WriteAsync(exchange.Http, error);
    }
}
