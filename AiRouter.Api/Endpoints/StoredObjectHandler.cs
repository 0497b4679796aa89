using System.Text;
using AiRouter.Api.Admission;
using AiRouter.Api.Authentication;
using AiRouter.Api.Backends;
using AiRouter.Api.Dialects.Kept;
using AiRouter.Api.Dialects.Kept.Conversations;
using AiRouter.Api.Draining;
using AiRouter.Api.Errors;
using AiRouter.Api.Objects;
using AiRouter.Api.Requests;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Endpoints;

/// <summary>The way of a request that names no model (R5): to the backend that keeps its object, or to the default backend.</summary>
internal sealed class StoredObjectHandler(
    RouterStates states,
    Authenticator authenticator,
    BodyReader bodies,
    BodyBudget budget,
    ObjectOwners owners,
    ObjectReferences references,
    RequestAdmission admission,
    RequestRecorder recorder,
    AttemptMetrics attempts,
    KeptResponses kept,
    KeptResponseEndpoint responses,
    ConversationEndpoint conversations,
    Drain drain,
    TimeProvider time)
{
    private const int MaxField = 1024;
    private const string StoredResponses = "stored_responses";
    private const long MiB = 1024 * 1024;

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext http, Collection collection)
    {
        if (states.Enter() is not { } state)
        {
            await ErrorResponse.WriteAsync(http, new ApiError(ErrorCause.NotConfigured, "The router has no configuration yet."));
            return;
        }

        var operation = new Operation
        {
            Name = collection.Name,
            Method = http.Request.Method,
            Path = collection.Path,
            Body = BodyKind.Any,
            IsOpen = collection.MayBeRouters,
            Dialect = collection.Name == StoredResponses ? StreamDialect.Responses : StreamDialect.Opaque,
        };
        await using var exchange = new Exchange(http, operation, state, RequestIds.Of(http))
        {
            Running = drain.Enter(http),
            UpstreamPath = http.Request.Path.ToUriComponent(),
        };
        var record = recorder.Begin(exchange);
        var isOver = false;
        try
        {
            var error = await RequestHandler.AnswerAsync(exchange, StepsAsync(exchange));
            isOver = true;
            if (error is not null)
            {
                record.Failed(error);
                await RequestHandler.SendAsync(exchange, error);
            }
        }
        finally
        {
            RequestHandler.NoteLateFailure(exchange, record);
            var end = RequestHandler.EndOf(exchange, record, isOver);
            admission.Settle(exchange, end);
            record.End(end);
            await state.LeaveAsync();
        }
    }

    private async ValueTask<ApiError?> StepsAsync(Exchange exchange) =>
        DrainErrors.Refuse(drain)
        ?? await AuthenticateAsync(exchange)
        ?? await admission.AdmitObjectAsync(exchange)
        ?? await FindAsync(exchange)
        ?? await bodies.ReadAsync(exchange)
        ?? await CheckReferencesAsync(exchange)
        ?? await SendAsync(exchange);

    private async ValueTask<ApiError?> AuthenticateAsync(Exchange exchange)
    {
        var refused = await authenticator.AuthenticateAsync(exchange);
        recorder.KeepBodies(exchange);
        return refused;
    }

    /// <summary>
    /// Finds the object. What the router itself keeps, or would, is for whoever may make it; what a backend keeps only for keys that list
    /// the operation.
    /// </summary>
    private async ValueTask<ApiError?> FindAsync(Exchange exchange)
    {
        var error = await LocateAsync(exchange);
        var isRouters = exchange.GoesOnFrom is not null ||
            (exchange.Operation.IsOpen && (error is not null || IdOf(exchange) is null) && kept.LifetimeOf(exchange) is not null);
        return Authenticator.RefuseOperation(exchange.Client, exchange.Operation.Name) is { } refused
            ? (isRouters ? Authenticator.RefuseOperation(exchange.Client, Operations.Responses) : refused) ?? error
            : error;
    }

    private static string? IdOf(Exchange exchange) => exchange.Http.GetRouteValue("id") as string;

    /// <summary>Finds the object that the path names: another key's, and one that is not remembered, does not exist.</summary>
    private async ValueTask<ApiError?> LocateAsync(Exchange exchange)
    {
        if (IdOf(exchange) is not { } id)
        {
            return null;
        }

        if (Climbs(exchange.Http.Request.Path.Value!))
        {
            return ObjectIds.NotFound(id);
        }

        var others = (EncodedSlash.Decode(exchange.Http.GetRouteValue("rest")) ?? "").Split('/').Where(ObjectIds.LooksLikeOne).ToList();
        var isComplete = await owners.TryLoadAsync(others.Prepend(id), exchange.Aborted);
        if (owners.Find(id) is not { } known)
        {
            return isComplete ? ObjectIds.NotFound(id) : ObjectIds.Unknown(id);
        }

        if (!owners.IsOwnedBy(id, exchange.Client))
        {
            return ObjectIds.NotFound(id);
        }

        exchange.PinnedBackend = known.Backend;
        exchange.GoesOnFrom = known.IsRouters ? id : null;
        exchange.StoredName = known.Model;
        return others.FirstOrDefault(o => owners.Find(o) is { } other && other.Owner != exchange.Client?.Id) is { } foreign
            ? ObjectIds.NotFound(foreign)
            : others.FirstOrDefault(o => !isComplete && !ObjectIds.MayBeWord(o) && owners.Find(o) is null) is { } unknown ? ObjectIds.Unknown(unknown)
            : null;
    }

    /// <summary>
    /// The server has resolved the dots of the path. What still is one, escaped twice or beside an escaped slash, could be
    /// resolved by the backend, behind the check of who owns the object.
    /// </summary>
    private static bool Climbs(string path)
    {
        for (var unescaped = Uri.UnescapeDataString(path); unescaped != path; unescaped = Uri.UnescapeDataString(path))
        {
            path = unescaped;
        }

        return path.Split('/', '\\').Any(s => s is "." or "..");
    }

    private async ValueTask<ApiError?> CheckReferencesAsync(Exchange exchange)
    {
        if (exchange.Body is not UploadBody { Bytes.Length: > 0 } body)
        {
            return null;
        }

        if (body.Boundary is not null)
        {
            return await CheckFormAsync(exchange, body);
        }

        // Some backends read JSON whatever it is called: a body that is not looked at must not reach them.
        return BodyReader.RefuseContentType(exchange.Http.Request) ?? await CheckJsonAsync(exchange, body);
    }

    private async ValueTask<ApiError?> CheckJsonAsync(Exchange exchange, UploadBody body)
    {
        var server = exchange.State.Server;
        var length = body.Bytes.Length;
        if (length > server.MaxBodyMiB * MiB)
        {
            return new ApiError(ErrorCause.BodyTooLarge, $"The request body is larger than {server.MaxBodyMiB} MiB.");
        }

        if (!budget.TryTake(length, server.MaxBufferedMiB * MiB))
        {
            return PooledBytes.OutOfBuffers();
        }

        try
        {
            var json = new byte[length];
            await body.Bytes.ReadAtAsync(0, json, exchange.Aborted);
            return await references.CheckAsync(exchange, json);
        }
        finally
        {
            budget.Return(length);
        }
    }

    private async ValueTask<ApiError?> CheckFormAsync(Exchange exchange, UploadBody body)
    {
        foreach (var part in body.Parts.Where(p => !p.IsFile && p.ValueLength <= MaxField))
        {
            var value = new byte[part.ValueLength];
            await body.Bytes.ReadAtAsync(part.ValueStart, value, exchange.Aborted);
            if (await references.CheckAsync(exchange, part.Name, Encoding.UTF8.GetString(value)) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private async ValueTask<ApiError?> SendAsync(Exchange exchange)
    {
        if (IdOf(exchange) is { } id && owners.Find(id) is { IsRouters: true })
        {
            return exchange.Operation.Name == StoredResponses
                ? await responses.AnswerAsync(exchange, id)
                : await conversations.AnswerAsync(exchange, id);
        }

        if (exchange.Operation.IsOpen && IdOf(exchange) is null && kept.LifetimeOf(exchange) is not null)
        {
            return await conversations.CreateAsync(exchange);
        }

        var name = exchange.PinnedBackend ?? exchange.State.Model.Config.Defaults.Backend;
        if (name is null || !exchange.State.Backends.TryGetValue(name, out var backend))
        {
            return new ApiError(
                ErrorCause.NotImplemented, $"This router has no backend for '{exchange.Operation.Name}' (defaults.backend).");
        }

        if (!backend.TryBegin())
        {
            return new ApiError(ErrorCause.BackendOverloaded, "The backend has as many requests as it may have at a time.");
        }

        // Asked once: nobody else keeps the object.
        exchange.Backend = name;
        exchange.Attempts = 1;
        var started = time.GetTimestamp();
        exchange.AttemptStarted = started;
        var target = new TargetModel(0, backend.Backend.Model, new TargetConfig { Backend = name });
        AttemptSpan? span = null;
        var isOver = false;
        ApiError? error = null;
        try
        {
            span = exchange.Span?.BeginAttempt(target);
            error = await backend.Backend.SendAsync(exchange, target, exchange.Aborted);
            isOver = true;
            return error;
        }
        finally
        {
            span?.End(error ?? exchange.Failure ?? exchange.Events?.Failure ?? (isOver ? null : exchange.BrokenOff));
            backend.End();
            attempts.Ended(
                exchange, target.Backend, time.GetElapsedTime(started), isOver, error ?? exchange.Failure ?? exchange.Events?.Failure);
        }
    }
}
