using System.Collections.Concurrent;
using AiRouter.Api.Admission;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Dialects;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Health.Probes;
using AiRouter.Api.Objects;
using AiRouter.Api.Realtime;
using AiRouter.Api.Requests;
using AiRouter.Api.Sockets;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>A backend that is asked over HTTP, as the OpenAI API or Anthropic's: requests and answers pass through, changed in a few places only.</summary>
internal sealed class OpenAiBackend(
    BackendModel model,
    Func<IUpstream> connect,
    TimeProvider timeProvider,
    KeepAliveClock clock,
    BodyBudget budget,
    ObjectOwners owners,
    RequestAdmission admission,
    SocketUpgrade sockets,
    SocketRelay relay) : IBackend
{
    private readonly IUpstream _upstream = connect();
    private readonly OwnHeaders _headers = new(model);
    private readonly UpstreamAddresses _addresses = new(model.Config);
    private readonly ConcurrentQueue<AttemptDeadline> _deadlines = [];
    private readonly UpstreamProbe _probe = new(model, connect);

    /// <inheritdoc/>
    public BackendModel Model => model;

    /// <inheritdoc/>
    public string? ServerName => null;

    /// <inheritdoc/>
    public bool Speaks(Operation operation) => operation.Dialect switch
    {
        StreamDialect.Responses => model.Config.Responses,
        StreamDialect.Messages => model.Config.Messages,
        _ => true,
    };

    /// <inheritdoc/>
    public async ValueTask<ApiError?> SendAsync(Exchange exchange, TargetModel target, CancellationToken cancellationToken)
    {
        if ((PassThroughTokens.Check(exchange, target) ?? await AdmitAsync(exchange, target, cancellationToken)) is { } refused)
        {
            return refused;
        }

        if (exchange.Operation is { CountsOnly: true, ClientDialect: null })
        {
            return await TokenCountAnswer.WriteAsync(exchange, exchange.Input?.Total);
        }

        var deadline = AttemptDeadline.Start(_deadlines, model.Config.Timeouts, timeProvider, exchange.Aborted);
        await using var attempt = new Attempt(exchange, target, model, budget, owners, deadline)
        {
            Plan = StreamPlan.For(exchange, target),
        };
        try
        {
            // What is wrong with an answer is found in many places; that there was one is known here.
            return await SendAsync(attempt) is { } error
                ? error.Stage == AttemptStage.None ? error with { Stage = AttemptStage.Answered } : error
                : null;
        }
        catch (Exception exception) when (Failures.Classify(exception, attempt) is { } failure)
        {
            return await BreakOffAsync(exchange, failure);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ProbeResult> ProbeAsync(IReadOnlyCollection<string> models, CancellationToken cancellationToken) =>
        _probe.RunAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _probe.Dispose();
        sockets.Dispose();
        _upstream.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<ApiError?> AdmitAsync(Exchange exchange, TargetModel target, CancellationToken cancellationToken)
    {
        if (exchange.Model is null || RequestAdmission.LimitsOf(exchange) is not { } limits)
        {
            return null;
        }

        if (exchange.Operation.Body == BodyKind.Socket && limits.NeedsSize)
        {
            return RealtimeErrors.Unbounded(exchange);
        }

        var (size, error) = await PassThroughSize.MeasureAsync(exchange, target, limits.NeedsSize, cancellationToken);
        return error ?? await admission.AdmitAsync(exchange, target, size);
    }

    private async ValueTask<ApiError?> SendAsync(Attempt attempt)
    {
        var exchange = attempt.Exchange;
        if (exchange.Operation.Body is BodyKind.Socket or BodyKind.Turn)
        {
            return await relay.RunAsync(attempt, sockets, _headers);
        }

        exchange.Progress = attempt.Plan.FromBackend && exchange.Operation.Dialect != StreamDialect.Opaque ? new AnswerProgress() : null;
        if (attempt.Plan.ToClient && exchange.Operation.Dialect != StreamDialect.Opaque)
        {
            BeginEvents(exchange);

            // Known before the first byte: the backend is not asked for the usage, so it will be an estimate (R28).
            exchange.Events!.MarksUsage = exchange is { Facts.IncludeUsage: true, Operation.Dialect: StreamDialect.Chat } &&
                attempt.Plan is { FromBackend: true, AskUsage: false } && exchange.Input?.Total is null;
        }

        var content = attempt.HasModel
            ? await OutgoingBody.ForAsync(exchange, attempt.Target, attempt.Plan, attempt.Deadline.Token)
            : OutgoingBody.Unchanged(exchange.Body);
        var request = attempt.CreateRequest(_addresses.For(exchange), _headers, content);
        attempt.Response = await _upstream.SendAsync(request, attempt.Deadline.Token);
        exchange.Span?.Answer.Status = attempt.Response.Status;
        return attempt.Response.IsSuccess
            ? await AnswerRelay.RunAsync(attempt, () => BeginEvents(exchange))
            : await UpstreamErrors.ReadAsync(attempt);
    }

    private void BeginEvents(Exchange exchange)
    {
        var server = exchange.State.Server;
        exchange.Events ??= new EventStream(
            exchange.Http, clock, TimeSpan.FromSeconds(server.CommitAfter), TimeSpan.FromSeconds(server.KeepAlive),
            exchange.SilentSince)
        {
            Dialect = exchange.Operation.Dialect,
            OnFirstData = exchange.NoteFirstData,
        };
    }

    /// <summary>An answer that has begun cannot become an error response: it ends so that the client notices.</summary>
    private static async ValueTask<ApiError?> BreakOffAsync(Exchange exchange, ApiError error)
    {
        if (exchange.Events is { } events)
        {
            return await EventRelay.FailAsync(events, error);
        }

        if (!exchange.Http.Response.HasStarted)
        {
            exchange.Http.Response.ContentLength = null;
            return error;
        }

        exchange.Failure = error;
        throw new BrokenStreamException();
    }
}
