using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Dialects.Responses;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Objects;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using AiRouter.Core.Json;
using AiRouter.Core.Objects;
using AiRouter.Core.Stores;

namespace AiRouter.Api.Dialects.Kept;

/// <summary>
/// Keeps the responses of backends without a Responses API, for <c>server.responses.storeHours</c>: a request can go on from one, and
/// its owner can look at it. On the way to the store they are known to this process, so that the next request finds the last answer.
/// </summary>
internal sealed partial class KeptResponses(
    ObjectOwners owners, AnswerIds ids, TimeProvider time, ILogger<KeptResponses> logger, IStore? store = null)
{
    /// <summary>The most bytes that are on their way to the store; what finds no room is not kept.</summary>
    private const long MostUnderWay = 64 * 1024 * 1024;

    /// <summary>A conversation names no more items than this; each may cost a call to the store.</summary>
    private const int MostReferences = 256;

    private const string Previous = "previous_response_id";

    private readonly ResponseStore? _store = store is null ? null : new ResponseStore(store);
    private readonly ConcurrentDictionary<string, KeptResponse> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string? Owner, string Id), JsonObject> _items = [];
    private long _bytes;

    /// <summary>For how long a request's response is kept; null: it is not. Clients have to say so when they do not want it.</summary>
    public TimeSpan? LifetimeOf(Exchange exchange, JsonObject request) =>
        _store is null || exchange.State.Server.Responses.StoreHours is not (> 0 and var hours) ||
        request["store"]?.GetValueKind() == JsonValueKind.False
            ? null
            : TimeSpan.FromHours(hours);

    /// <summary>
    /// Refuses what would need a stored response where none is, before anybody is asked whose it may be: the client has to send the
    /// whole conversation.
    /// </summary>
    public static ApiError? Check(Exchange exchange)
    {
        if (exchange.Operation.Name != Operations.Responses ||
            exchange.State.Server.Responses.StoreHours > 0 ||
            exchange.Body is not JsonBody body ||
            exchange.State.Routes[exchange.Model!.Model.Name].Targets.Any(t => t.Backend.Backend.Speaks(exchange.Operation)))
        {
            return null;
        }

        return NotKept(body, Previous) ?? NotKept(body, "conversation");
    }

    /// <summary>The request as one of its own, with the conversation that it goes on from.</summary>
    public async ValueTask<ApiError?> ExpandAsync(Exchange exchange, JsonObject request)
    {
        if (await ResolveAsync(exchange, request) is { } unknown)
        {
            return unknown;
        }

        if (exchange.GoesOnFrom is not { } id)
        {
            return request[Previous] is null ? null : ObjectIds.NotFound(request[Previous]!.ToString()) with { Param = Previous };
        }

        var (kept, error) = await FindAsync(id, exchange.Aborted);
        if (kept is null)
        {
            return error;
        }

        ConversationItems.Continue(request, kept.Conversation(), NewId);
        request.Remove(Previous);
        return null;
    }

    /// <summary>Items that a request names and that were kept for its client take the place of their names; others are refused later.</summary>
    private async ValueTask<ApiError?> ResolveAsync(Exchange exchange, JsonObject request)
    {
        var known = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        try
        {
            foreach (var id in ConversationItems.ReferencesOf(request).Distinct(StringComparer.Ordinal).Take(MostReferences))
            {
                var owner = exchange.Client?.Id;
                if (_items.TryGetValue((owner, id), out var item))
                {
                    known[id] = item;
                }
                else if (_store is not null && await _store.FindItemAsync(owner, id, exchange.Aborted) is { } json)
                {
                    known[id] = JsonBytes.ReadObject(json);
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

    /// <summary>A response; or why there is none.</summary>
    public async ValueTask<(KeptResponse? Kept, ApiError? Error)> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (_underWay.TryGetValue(id, out var kept))
        {
            return (kept, null);
        }

        try
        {
            return _store is not null && await _store.FindAsync(id, cancellationToken) is { } json
                ? (KeptResponse.Read(json), null)
                : (null, ObjectIds.NotFound(id));
        }
        catch (StoreUnavailableException)
        {
            // The store has logged it.
            return (null, ObjectIds.Unknown(id));
        }
    }

    /// <summary>Forgets a response of which it is known that the client may.</summary>
    public async ValueTask<ApiError?> ForgetAsync(string id, CancellationToken cancellationToken)
    {
        var wasUnderWay = _underWay.TryRemove(id, out _);
        try
        {
            return (_store is not null && await _store.ForgetAsync(id, cancellationToken)) || wasUnderWay ? null : ObjectIds.NotFound(id);
        }
        catch (StoreUnavailableException)
        {
            return ObjectIds.Unknown(id);
        }
    }

    /// <summary>Keeps a response that is whole; the client does not wait for the store.</summary>
    /// <param name="exchange">Whose it is.</param>
    /// <param name="request">What was asked, with the whole conversation.</param>
    /// <param name="response">What the client is about to get.</param>
    /// <param name="lifetime">For how long.</param>
    public void Keep(Exchange exchange, JsonObject request, JsonObject response, TimeSpan lifetime)
    {
        var id = response["id"]!.ToString();
        var kept = new KeptResponse(ConversationItems.Of(request, response, NewId).Input, response);
        var json = kept.ToJson();
        if (json.Length > ResponseStore.MostBytes || Interlocked.Add(ref _bytes, json.Length) > MostUnderWay)
        {
            Interlocked.Add(ref _bytes, json.Length > ResponseStore.MostBytes ? 0 : -json.Length);
            LogNotKept(id, json.Length);
            return;
        }

        _underWay[id] = kept;
        owners.Add(id, new OwnedObject(exchange.Client?.Id, OwnedObject.Router, exchange.PublicName));
        var owner = exchange.Client?.Id;
        var items = (response["output"] as JsonArray ?? []).OfType<JsonObject>().Where(static i => i["id"] is not null).ToList();
        items.ForEach(item => _items[(owner, item["id"]!.ToString())] = item);
        _ = KeepAsync(owner, id, json, items, lifetime);
    }

    private async Task KeepAsync(string? owner, string id, byte[] json, List<JsonObject> items, TimeSpan lifetime)
    {
        // Some tries while the store is away; whoever asks meanwhile is answered from memory.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (_underWay.ContainsKey(id))
                {
                    await _store!.KeepAsync(id, json, lifetime, CancellationToken.None);
                    foreach (var item in items)
                    {
                        await _store.KeepItemAsync(
                            owner, item["id"]!.ToString(), JsonBytes.RelaxedOf(item), lifetime, CancellationToken.None);
                    }
                }

                break;
            }
            catch (StoreUnavailableException) when (attempt < 30)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time);
            }
            catch (StoreUnavailableException)
            {
                LogNotKept(id, json.Length);
                break;
            }
        }

        Interlocked.Add(ref _bytes, -json.Length);
        if (!_underWay.TryRemove(id, out _))
        {
            // It was deleted while it was on its way, and may have arrived behind that.
            await ForgetAsync(id, CancellationToken.None);
        }

        items.ForEach(item => _items.TryRemove((owner, item["id"]!.ToString()), out _));
    }

    private string NewId() => ids.New("");

    private static ApiError? NotKept(JsonBody body, string name) => body.Index.Find(Encoding.ASCII.GetBytes(name)).IsNull
        ? null
        : new ApiError(
            ErrorCause.UnsupportedParameter,
            $"Unsupported parameter: '{name}': this router keeps no responses (server.responses.storeHours). Send the whole conversation as 'input'.",
            name);

    [LoggerMessage(2601, LogLevel.Warning, "Response {Id} of {Bytes} bytes is not kept: it is too large, or the store takes nothing")]
    private partial void LogNotKept(string id, int bytes);
}
