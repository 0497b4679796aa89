using AiRouter.Api.Backends;
using AiRouter.Api.Dialects.Kept;
using AiRouter.Api.Dialects.Kept.Background;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Dialects;

/// <summary>
/// Has a backend answer a request in a dialect that it does not speak: for the time of the attempt the request is a chat request, and
/// what the backend answers goes to the client in its own dialect.
/// </summary>
internal sealed class DialectTranslator(BodyBudget budget, ResponseKeeper keeper, AnswerIds ids, TimeProvider clock)
{
    /// <summary>See <see cref="IBackend.SendAsync"/>.</summary>
    public ValueTask<ApiError?> SendAsync(IBackend backend, Exchange exchange, TargetModel target) =>
        exchange.Operation.ClientDialect is not { } dialect || (!ResponseKeeper.IsNeeded(exchange) && backend.Speaks(exchange.Operation))
            ? backend.SendAsync(exchange, target, exchange.Aborted)
            : TranslateAsync(dialect, backend, exchange, target);

    private async ValueTask<ApiError?> TranslateAsync(
        IClientDialect dialect, IBackend backend, Exchange exchange, TargetModel target)
    {
        if (DialectRequest.Read(((JsonBody)exchange.Body!).Json.Span, out var error) is not { } request)
        {
            return error;
        }

        KeptRequest? kept = null;
        if (exchange.Operation.Name == Operations.Responses)
        {
            (kept, error) = await keeper.ExpandAsync(exchange, request);
            if (kept is null)
            {
                return error;
            }
        }

        var job = BackgroundJob.Of(exchange.Http);
        if (DialectRequest.ToChat(dialect, job is null ? request : BackgroundJob.InForeground(request), out error) is not { } chat)
        {
            return error;
        }

        var translation = exchange.Operation.CountsOnly ? dialect.BeginCount() : dialect.Begin(request, Head(exchange, job));
        if (kept is not null && !exchange.Operation.CountsOnly)
        {
            translation = keeper.Keeping(translation, exchange, kept);
        }

        job?.Began();
        error = await AskAsync(chat, translation, backend, exchange, target);
        return error is null ? null : dialect.NamesOf(request, kept?.Earlier ?? 0).In(error);
    }

    private async ValueTask<ApiError?> AskAsync(
        byte[] chat, IAnswerTranslation translation, IBackend backend, Exchange exchange, TargetModel target)
    {
        var operation = exchange.Operation.CountsOnly ? OperationTable.ChatCount : OperationTable.Chat;
        var server = exchange.State.Server;
        using var body = JsonBody.Of(chat, budget, server.MaxBufferedMiB * 1024L * 1024, out var error);
        if (body is null || RequestFacts.Read(body.Index, operation, out error) is not { } facts)
        {
            return error;
        }

        using var asked = exchange.AskAs(operation, body, facts);
        await using var response = await TranslatedResponse.BeginAsync(exchange, translation);
        return await backend.SendAsync(exchange, target, exchange.Aborted)
            ?? await response.EndAsync(TimeSpan.FromSeconds(backend.Model.Config.Timeouts.Total));
    }

    private DialectHead Head(Exchange exchange, BackgroundJob? job) =>
        new(exchange.PublicName, job?.Created ?? clock.GetUtcNow().ToUnixTimeSeconds(), () => ids.New(""), job?.Id)
        {
            Input = () => exchange.Input?.Total,
            Usage = () => exchange.Usage,
        };
}
