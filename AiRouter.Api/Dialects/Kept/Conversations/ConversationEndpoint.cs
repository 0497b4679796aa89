using System.Text.Json.Nodes;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Objects;

namespace AiRouter.Api.Dialects.Kept.Conversations;

/// <summary>OpenAI's Conversations API, over what the router itself keeps.</summary>
internal sealed class ConversationEndpoint(KeptConversations conversations, ResponseKeeper keeper, BodyBudget budget, AnswerIds ids)
{
    private const string Items = "items";

    /// <summary>Makes a conversation.</summary>
    public async ValueTask<ApiError?> CreateAsync(Exchange exchange)
    {
        var (request, error) = await ConversationRequest.ReadAsync(exchange, budget);
        if (request is null)
        {
            return error;
        }

        (var items, error) = await ReadItemsAsync(exchange, request.Items ?? []);
        if (items is null)
        {
            return error;
        }

        (var made, error) = await conversations.CreateAsync(exchange, request.Metadata ?? [], items);
        return made is null ? error : await KeptAnswer.WriteAsync(exchange, made.Object);
    }

    /// <summary>Answers a request about the conversation with this id, of which it is known that it is the client's.</summary>
    public async ValueTask<ApiError?> AnswerAsync(Exchange exchange, string id)
    {
        var method = exchange.Http.Request.Method;
        var below = (EncodedSlash.Decode(exchange.Http.GetRouteValue("rest")) ?? "").TrimEnd('/');
        return (method, below.Split('/')) switch
        {
            ("GET", [""]) => await ShowAsync(exchange, id),
            ("POST", [""]) => await DescribeAsync(exchange, id),
            ("DELETE", [""]) => await conversations.ForgetAsync(exchange, id) ?? await KeptAnswer.WriteAsync(
                exchange, new JsonObject { ["id"] = id, ["object"] = "conversation.deleted", ["deleted"] = true }),
            ("GET", [Items]) => await ListAsync(exchange, id),
            ("POST", [Items]) => await AddAsync(exchange, id),
            ("GET", [Items, var item]) => await ShowItemAsync(exchange, id, item),
            ("DELETE", [Items, var item]) => await conversations.RemoveItemAsync(exchange, id, item) ?? await ShowAsync(exchange, id),
            _ => new ApiError(ErrorCause.ObjectNotFound, $"A conversation has no '{below}' that could be asked for with {method}."),
        };
    }

    private async ValueTask<ApiError?> ShowAsync(Exchange exchange, string id)
    {
        var (found, error) = await conversations.FindAsync(exchange, id, ItemRange.None);
        return found is null ? error : await KeptAnswer.WriteAsync(exchange, found.Object);
    }

    private async ValueTask<ApiError?> DescribeAsync(Exchange exchange, string id)
    {
        var (request, error) = await ConversationRequest.ReadAsync(exchange, budget);
        return request is null
            ? error
            : await conversations.DescribeAsync(exchange, id, request.Metadata ?? []) ?? await ShowAsync(exchange, id);
    }

    private async ValueTask<ApiError?> ListAsync(Exchange exchange, string id)
    {
        if (ItemPage.Read(exchange.Http.Request.Query, out var error) is not { Most: { } most } range)
        {
            return error;
        }

        // One more than asked for tells whether there are more.
        (var found, error) = await conversations.FindAsync(exchange, id, range with { Most = most + 1 });
        return found is null
            ? error
            : await KeptAnswer.WriteAsync(exchange, ItemPage.Of(found.Items.OfType<JsonObject>().Take(most), found.Items.Count > most));
    }

    private async ValueTask<ApiError?> AddAsync(Exchange exchange, string id)
    {
        var (request, error) = await ConversationRequest.ReadAsync(exchange, budget);
        if (request is null)
        {
            return error;
        }

        if (request.Items is not { Count: > 0 })
        {
            return new ApiError(ErrorCause.InvalidRequest, "Missing required parameter: 'items'.", Items);
        }

        (var items, error) = await ReadItemsAsync(exchange, request.Items);
        return items is null
            ? error
            : await conversations.AppendAsync(exchange, id, items)
                ?? await KeptAnswer.WriteAsync(exchange, ItemPage.Of(items, hasMore: false));
    }

    private async ValueTask<ApiError?> ShowItemAsync(Exchange exchange, string id, string item)
    {
        var (found, error) = await conversations.FindItemAsync(exchange, id, item);
        return found is null ? error : await KeptAnswer.WriteAsync(exchange, found);
    }

    private async ValueTask<(IReadOnlyList<JsonObject>? Items, ApiError? Error)> ReadItemsAsync(Exchange exchange, JsonArray items)
    {
        var named = new JsonObject { ["input"] = items.DeepClone() };
        if (await keeper.ResolveAsync(exchange, named) is { } unknown)
        {
            return (null, unknown);
        }

        return (ConversationRequest.Check((JsonArray)named["input"]!, () => ids.New(""), out var error), error);
    }
}
