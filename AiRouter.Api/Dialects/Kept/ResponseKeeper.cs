using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Dialects.Kept.Background;
using AiRouter.Api.Dialects.Kept.Conversations;
using AiRouter.Api.Dialects.Responses;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Objects;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Objects;
using AiRouter.Core.Stores;

namespace AiRouter.Api.Dialects.Kept;

/// <summary>What the router keeps, put into requests that name it; and what comes of them, kept.</summary>
internal sealed class ResponseKeeper(KeptResponses responses, KeptConversations conversations, ObjectOwners owners, AnswerIds ids)
{
    /// <summary>A conversation names no more items than this; each may cost a call to the store.</summary>
    private const int MostReferences = 256;

    private const string Previous = "previous_response_id";
    private const string Conversation = "conversation";

    /// <summary>Whether a backend's own Responses API cannot answer: the router keeps what the request needs, or comes to.</summary>
    public static bool IsNeeded(Exchange exchange) => exchange.GoesOnFrom is not null || BackgroundJob.Of(exchange.Http) is not null;

    /// <summary>Whether one of the model's backends has the API that the client asks.</summary>
    public static bool IsSpoken(Exchange exchange) =>
        exchange.State.Routes[exchange.Model!.Model.Name].Targets.Any(t => t.Backend.Backend.Speaks(exchange.Operation));

    /// <summary>Makes the request one of its own, with what it goes on from and what it only names.</summary>
    /// <param name="exchange">Who asks.</param>
    /// <param name="request">Gets what it names in its input.</param>
    public async ValueTask<(KeptRequest? Kept, ApiError? Error)> ExpandAsync(Exchange exchange, JsonObject request)
    {
        if (await ResolveAsync(exchange, request) is { } unknown)
        {
            return (null, unknown);
        }

        var (previous, conversation) = (IdOf(request[Previous]), IdOf(request[Conversation]));
        if (previous is not null && conversation is not null)
        {
            return (null, new ApiError(
                ErrorCause.InvalidRequest,
                "'previous_response_id' and 'conversation' exclude each other: send one of them.",
                Conversation));
        }

        var (earlier, error) = previous is not null ? await FindPreviousAsync(exchange, previous)
            : conversation is not null ? await FindConversationAsync(exchange, conversation, (request["input"] as JsonArray)?.Count ?? 1)
            : ([], null);
        if (earlier is null)
        {
            return (null, error);
        }

        if (previous is not null || conversation is not null)
        {
            ConversationItems.Continue(request, earlier, NewId);
        }

        var keeps = request["store"]?.GetValueKind() != JsonValueKind.False ? responses.LifetimeOf(exchange) : null;
        request["store"] = keeps is not null;
        return (new KeptRequest(request, earlier.Count, conversation, keeps), null);
    }

    /// <summary>A translation of which everything is kept that is to be.</summary>
    public IAnswerTranslation Keeping(IAnswerTranslation translation, Exchange exchange, KeptRequest request) =>
        request.Lifetime is null && request.Conversation is null && BackgroundJob.Of(exchange.Http) is null
            ? translation
            : new KeptTranslation(translation, response => Keep(exchange, request, response));

    /// <summary>What the store is to hold of a response.</summary>
    public KeptResponse Describe(KeptRequest request, JsonObject response) =>
        new(ConversationItems.Of(request.Request, response, NewId).Input, response);

    private void Keep(Exchange exchange, KeptRequest request, JsonObject response)
    {
        var kept = Describe(request, response);
        if (BackgroundJob.Of(exchange.Http) is { } job)
        {
            job.Answered(kept, after => Append(exchange, request, kept, after));
            return;
        }

        Append(exchange, request, kept, Task.FromResult(true));
        if (request.Lifetime is { } lifetime)
        {
            responses.Keep(exchange, kept, lifetime);
        }
    }

    /// <summary>Adds what was asked and answered to its conversation, unless what comes first says that it does not count.</summary>
    private void Append(Exchange exchange, KeptRequest request, KeptResponse kept, Task<bool> after)
    {
        if (request.Conversation is { } id)
        {
            var items = kept.Input.Skip(request.Earlier).OfType<JsonObject>().Concat(kept.Output());
            conversations.Append(exchange, id, [.. items], after);
        }
    }

    private async ValueTask<(JsonArray? Earlier, ApiError? Error)> FindPreviousAsync(Exchange exchange, string id)
    {
        if (!IsKeptFor(exchange, id))
        {
            return (null, ObjectIds.NotFound(id) with { Param = Previous });
        }

        var (kept, error) = await responses.FindAsync(id, exchange.Aborted);
        return kept is null ? (null, error)
            : kept.IsAnswered ? (kept.Conversation(), null)
            : (null, new ApiError(
                ErrorCause.InvalidRequest, $"The response '{id}' has no answer to go on from: its status is '{kept.Status}'.", Previous));
    }

    private async ValueTask<(JsonArray? Earlier, ApiError? Error)> FindConversationAsync(Exchange exchange, string id, int items)
    {
        if (!IsKeptFor(exchange, id))
        {
            return (null, ObjectIds.NotFound(id) with { Param = Conversation });
        }

        var (conversation, error) = await conversations.FindAsync(exchange, id, ItemRange.All);
        return conversation is null ? (null, error)
            : conversation.HasRoom(((JsonBody)exchange.Body!).Json.Length, items) ? (conversation.Items, null)
            : (null, KeptConversations.Full(id) with { Param = Conversation });
    }

    private bool IsKeptFor(Exchange exchange, string id) => owners.IsOwnedBy(id, exchange.Client) && owners.Find(id) is { IsRouters: true };

    /// <summary>Puts items that a request only names, and that are kept for its client, in the place of their names.</summary>
    public async ValueTask<ApiError?> ResolveAsync(Exchange exchange, JsonObject request)
    {
        var known = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        try
        {
            foreach (var id in ConversationItems.ReferencesOf(request).Distinct(StringComparer.Ordinal).Take(MostReferences))
            {
                if (await responses.FindItemAsync(exchange.Client?.Id, id, exchange.Aborted) is { } item)
                {
                    known[id] = item;
                }
            }
        }
        catch (StoreUnavailableException)
        {
            return ObjectIds.Unknown("item_reference");
        }

        if (known.Count > 0)
        {
            ConversationItems.Resolve(request, known);
        }

        return null;
    }

    private string NewId() => ids.New("");

    /// <summary>An id, alone or in an object; what is neither names something that nobody keeps.</summary>
    private static string? IdOf(JsonNode? node) => node switch
    {
        null => null,
        JsonObject named => IdOf(named["id"]) ?? "",
        _ => node.ToString() is { Length: > 0 } id ? id : null,
    };
}
