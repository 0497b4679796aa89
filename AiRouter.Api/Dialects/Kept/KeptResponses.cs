using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Objects;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;
using AiRouter.Core.Json;
using AiRouter.Core.Objects;
using AiRouter.Core.Stores;

namespace AiRouter.Api.Dialects.Kept;

/// <summary>
/// Keeps the responses of backends without a Responses API, for <c>server.responses.storeHours</c>: a request can go on from one, and
/// its owner can look at it. On the way to the store they are known to this process, so that the next request finds the last answer.
/// </summary>
internal sealed partial class KeptResponses(ObjectOwners owners, KeptWrites writes, ILogger<KeptResponses> logger, IStore? store = null)
{
    private readonly ResponseStore? _store = store is null ? null : new ResponseStore(store);
    private readonly ConcurrentDictionary<string, KeptResponse> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string? Owner, string Id), JsonObject> _items = [];

    /// <summary>For how long the router keeps what clients ask it to; null: it keeps nothing.</summary>
    public TimeSpan? LifetimeOf(Exchange exchange) =>
        _store is not null && exchange.State.Server.Responses.StoreHours is > 0 and var hours ? TimeSpan.FromHours(hours) : null;

    /// <summary>
    /// Refuses what would need a stored response where none is, before anybody is asked whose it may be: the client has to send the
    /// whole conversation.
    /// </summary>
    public ApiError? Check(Exchange exchange)
    {
        if (exchange.Operation.Name != Operations.Responses ||
            exchange.Body is not JsonBody body ||
            LifetimeOf(exchange) is not null ||
            ResponseKeeper.IsSpoken(exchange))
        {
            return null;
        }

        const string SendAll = "Send the whole conversation as 'input'.";
        return Has(body, "previous_response_id") ? NotKept("previous_response_id", SendAll)
            : Has(body, "conversation") ? NotKept("conversation", SendAll)
            : body.Index.Find("background"u8).Type == JsonTokenType.True ? NotKept("background", "Ask without it.")
            : null;
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

    /// <summary>An item of a response that was kept for this owner; null: there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async ValueTask<JsonObject?> FindItemAsync(string? owner, string id, CancellationToken cancellationToken) =>
        _items.TryGetValue((owner, id), out var item) ? item
        : _store is not null && await _store.FindItemAsync(owner, id, cancellationToken) is { } json ? JsonBytes.ReadObject(json)
        : null;

    /// <summary>Forgets a response, and its items with it.</summary>
    /// <param name="owner">The id of the key that it is for; null: made without a key.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<ApiError?> ForgetAsync(string? owner, string id, CancellationToken cancellationToken)
    {
        var (kept, error) = await FindAsync(id, cancellationToken);
        if (kept is null)
        {
            return error;
        }

        var wasUnderWay = _underWay.TryRemove(id, out _);
        var items = ItemsOf(kept);
        Forget(owner, items);
        return await ForgetStoredAsync(owner, id, items, cancellationToken) is { } failed && !(wasUnderWay && failed.Cause == ErrorCause.ObjectNotFound)
            ? failed
            : null;
    }

    private async ValueTask<ApiError?> ForgetStoredAsync(
        string? owner, string id, List<JsonObject> items, CancellationToken cancellationToken)
    {
        try
        {
            var ids = items.Select(static item => item["id"]!.ToString());
            return _store is not null && await _store.ForgetAsync(owner, id, ids, cancellationToken) ? null : ObjectIds.NotFound(id);
        }
        catch (StoreUnavailableException)
        {
            return ObjectIds.Unknown(id);
        }
    }

    /// <summary>Keeps a response that is whole; the client does not wait for the store.</summary>
    public void Keep(Exchange exchange, KeptResponse kept, TimeSpan lifetime)
    {
        var id = kept.Response["id"]!.ToString();
        owners.Add(id, new OwnedObject(exchange.Client?.Id, OwnedObject.Router, exchange.PublicName));
        TryKeep(exchange.Client?.Id, id, kept, lifetime, async json =>
        {
            await _store!.KeepAsync(id, json, lifetime, CancellationToken.None);
            return true;
        });
    }

    /// <summary>Keeps a response in a way of its own.</summary>
    /// <param name="owner">The id of the key that it is for; null: made without a key.</param>
    /// <param name="id">Its id.</param>
    /// <param name="kept">The response.</param>
    /// <param name="lifetime">For how long.</param>
    /// <param name="write">Writes what the store is to hold, and says whether that counts.</param>
    /// <returns>Whether it counted; null: it is too large, or too much else is on its way to the store.</returns>
    public Task<bool>? TryKeep(
        string? owner, string id, KeptResponse kept, TimeSpan lifetime, Func<ReadOnlyMemory<byte>, ValueTask<bool>> write)
    {
        var json = kept.ToJson();
        var items = ItemsOf(kept);
        _underWay[id] = kept;
        items.ForEach(item => _items[(owner, item["id"]!.ToString())] = item);
        var written = json.Length > ResponseStore.MostBytes ? null : writes.TryBegin(
            id, json.Length, () => WriteAsync(owner, id, items, lifetime, () => write(json)));
        if (written is null)
        {
            LogNotKept(id, json.Length);
            _underWay.TryRemove(id, out _);
            Forget(owner, items);
            return null;
        }

        return EndAsync(written, owner, id, items);
    }

    private async ValueTask<bool> WriteAsync(
        string? owner, string id, List<JsonObject> items, TimeSpan lifetime, Func<ValueTask<bool>> write)
    {
        if (!_underWay.ContainsKey(id) || !await write())
        {
            return false;
        }

        foreach (var item in items)
        {
            await _store!.KeepItemAsync(owner, item["id"]!.ToString(), JsonBytes.RelaxedOf(item), lifetime, CancellationToken.None);
        }

        return true;
    }

    private async Task<bool> EndAsync(Task<bool> written, string? owner, string id, List<JsonObject> items)
    {
        var counts = await written;
        if (!_underWay.TryRemove(id, out _))
        {
            // It was deleted while it was on its way, and may have arrived behind that.
            await ForgetStoredAsync(owner, id, items, CancellationToken.None);
            counts = false;
        }

        Forget(owner, items);
        return counts;
    }

    private static List<JsonObject> ItemsOf(KeptResponse kept) => [.. kept.Output().Where(static item => item["id"] is not null)];

    private void Forget(string? owner, List<JsonObject> items) =>
        items.ForEach(item => _items.TryRemove((owner, item["id"]!.ToString()), out _));

    private static bool Has(JsonBody body, string name) =>
        body.Index.Find(Encoding.ASCII.GetBytes(name)) is { IsNull: false } member && member is not { Type: JsonTokenType.String, ValueLength: 2 };

    private static ApiError NotKept(string name, string instead) => new(
        ErrorCause.UnsupportedParameter,
        $"Unsupported parameter: '{name}': this router keeps no responses (server.responses.storeHours). {instead}",
        name);

    [LoggerMessage(2610, LogLevel.Warning, "Response {Id} of {Bytes} bytes is not kept: it is too large, or too much waits for the store")]
    private partial void LogNotKept(string id, int bytes);
}
