using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Dialects.Kept;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using AiRouter.Core.Json;

namespace AiRouter.Api.Dialects;

/// <summary>
/// Has a backend answer a request in a dialect that it does not speak: for the time of the attempt the request is a chat request, and
/// what the backend answers goes to the client in its own dialect.
/// </summary>
internal sealed class DialectTranslator(BodyBudget budget, KeptResponses kept, AnswerIds ids, TimeProvider clock)
{
    // R43: nobody may read one of two members, and somebody else the other.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = JsonIndex.MaxDepth };

    /// <summary>See <see cref="IBackend.SendAsync"/>.</summary>
    public ValueTask<ApiError?> SendAsync(IBackend backend, Exchange exchange, TargetModel target) =>
        exchange.Operation.ClientDialect is not { } dialect || (exchange.GoesOnFrom is null && backend.Speaks(exchange.Operation))
            ? backend.SendAsync(exchange, target, exchange.Aborted)
            : TranslateAsync(dialect, backend, exchange, target);

    private async ValueTask<ApiError?> TranslateAsync(
        IClientDialect dialect, IBackend backend, Exchange exchange, TargetModel target)
    {
        if (Read((JsonBody)exchange.Body!, out var error) is not { } request)
        {
            return error;
        }

        TimeSpan? lifetime = null;
        if (exchange.Operation.Name == Operations.Responses)
        {
            if (await kept.ExpandAsync(exchange, request) is { } unknown)
            {
                return unknown;
            }

            lifetime = kept.LifetimeOf(exchange, request);
            request["store"] = lifetime is not null;
        }

        if (Translate(dialect, request, out error) is not { } chat)
        {
            return error;
        }

        var operation = exchange.Operation.CountsOnly ? OperationTable.ChatCount : OperationTable.Chat;
        var server = exchange.State.Server;
        using var body = JsonBody.Of(JsonBytes.RelaxedOf(chat), budget, server.MaxBufferedMiB * 1024L * 1024, out error);
        if (body is null || RequestFacts.Read(body.Index, operation, out error) is not { } facts)
        {
            return error;
        }

        var head = new DialectHead(exchange.PublicName, clock.GetUtcNow().ToUnixTimeSeconds(), () => ids.New(""));
        var translation = exchange.Operation.CountsOnly ? dialect.BeginCount() : dialect.Begin(request, head);
        if (lifetime is { } time && !exchange.Operation.CountsOnly)
        {
            translation = new KeptTranslation(translation, response => kept.Keep(exchange, request, response, time));
        }

        using var asked = exchange.AskAs(operation, body, facts);
        using var response = TranslatedResponse.Begin(exchange.Http, translation);
        return await backend.SendAsync(exchange, target, exchange.Aborted)
            ?? await response.EndAsync(exchange.Aborted);
    }

    private static JsonObject? Read(JsonBody body, out ApiError? error)
    {
        try
        {
            error = null;
            return (JsonObject?)JsonNode.Parse(body.Json.Span, documentOptions: Strict);
        }
        catch (Exception exception) when (OddJson.IsCause(exception))
        {
            error = Odd(exception);
            return null;
        }
    }

    private static JsonObject? Translate(IClientDialect dialect, JsonObject request, out ApiError? error)
    {
        try
        {
            return dialect.ToChat(request, out error);
        }
        catch (Exception exception) when (OddJson.IsCause(exception))
        {
            error = Odd(exception);
            return null;
        }
    }

    // Nodes are read when somebody asks for them: what is wrong with one shows late.
    private static ApiError Odd(Exception exception) =>
        new(ErrorCause.InvalidRequest, "The request body has members that are there twice, or values that are none.")
        {
            Detail = exception.Message,
        };
}
