using System.Text.Json.Nodes;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Objects;
using AiRouter.Api.Streaming;
using AiRouter.Core.Json;
using AiRouter.Core.Objects;
using AiRouter.Core.Stores;

namespace AiRouter.Api.Dialects.Kept.Conversations;

/// <summary>
/// The conversations that the router keeps for its clients, in the store. What comes of a request is added behind its answer, one request
/// after the other; whoever reads the conversation in this process waits for that.
/// </summary>
internal sealed partial class KeptConversations(
    ObjectOwners owners, KeptWrites writes, AnswerIds ids, TimeProvider time, ILogger<KeptConversations> logger, IStore? store = null)
{
    private readonly ConversationStore? _store = store is null ? null : new ConversationStore(store);
    private readonly Dictionary<string, Task> _appending = new(StringComparer.Ordinal);

    /// <summary>Whether a new conversation would be kept here.</summary>
    public bool Keeps(Exchange exchange) => LifetimeOf(exchange) > TimeSpan.Zero;

    /// <summary>Makes a conversation that is the client's.</summary>
    public async ValueTask<(KeptConversation? Made, ApiError? Error)> CreateAsync(
        Exchange exchange, JsonObject metadata, IReadOnlyList<JsonObject> items)
    {
        var id = "conv_" + ids.New("");
        var made = time.GetUtcNow().ToUnixTimeSeconds();
        try
        {
            var write = await _store!.CreateAsync(
                id, made, JsonBytes.RelaxedOf(metadata), Texts(items), LifetimeOf(exchange), exchange.Aborted);
            if (write == ConversationWrite.Full)
            {
                return (null, Full(id));
            }
        }
        catch (StoreUnavailableException)
        {
            return (null, ObjectIds.Unknown(id));
        }

        return await owners.TryShareAsync(id, new OwnedObject(exchange.Client?.Id, OwnedObject.Router, Model: null), exchange.Aborted)
            ? (new KeptConversation(Describe(id, made, metadata), [], 0), null)
            : (null, ObjectIds.Unknown(id));
    }

    /// <summary>A conversation of which it is known that it is the client's; or why there is none.</summary>
    public ValueTask<(KeptConversation? Found, ApiError? Error)> FindAsync(Exchange exchange, string id, ItemRange range) =>
        AskAsync<KeptConversation>(exchange, id, async kept =>
            await kept.FindAsync(id, range, LifetimeOf(exchange), exchange.Aborted) is { } found
                ? (new KeptConversation(
                    Describe(id, found.Made, JsonBytes.ReadObject(found.Metadata)),
                    [.. found.Items.Select(static i => (JsonNode)JsonBytes.ReadObject(i))],
                    found.Items.Sum(static i => (long)i.Length)), null)
                : (null, ObjectIds.NotFound(id)));

    /// <summary>One of its items; or why there is none.</summary>
    public ValueTask<(JsonObject? Item, ApiError? Error)> FindItemAsync(Exchange exchange, string id, string item) =>
        AskAsync<JsonObject>(exchange, id, async kept =>
            await kept.FindItemAsync(id, item, LifetimeOf(exchange), exchange.Aborted) is { } found
                ? (JsonBytes.ReadObject(found), null)
                : (null, ObjectIds.NotFound(item)));

    /// <summary>Takes an item out of it.</summary>
    public async ValueTask<ApiError?> RemoveItemAsync(Exchange exchange, string id, string item) =>
        (await AskAsync<object>(exchange, id, async kept =>
            (null, await kept.RemoveItemAsync(id, item, LifetimeOf(exchange), exchange.Aborted) ? null : ObjectIds.NotFound(item)))).Error;

    /// <summary>Notes something else of it.</summary>
    public async ValueTask<ApiError?> DescribeAsync(Exchange exchange, string id, JsonObject metadata) =>
        (await AskAsync<object>(exchange, id, async kept => (null, ErrorOf(
            id, await kept.DescribeAsync(id, JsonBytes.RelaxedOf(metadata), LifetimeOf(exchange), exchange.Aborted))))).Error;

    /// <summary>Adds items, all or none; the client waits for it.</summary>
    public async ValueTask<ApiError?> AppendAsync(Exchange exchange, string id, IReadOnlyList<JsonObject> items) =>
        (await AskAsync<object>(exchange, id, async kept => (null, ErrorOf(
            id, await kept.AppendAsync(id, Texts(items), LifetimeOf(exchange), StoreDeadlines.Request, exchange.Aborted))))).Error;

    /// <summary>Forgets it.</summary>
    public async ValueTask<ApiError?> ForgetAsync(Exchange exchange, string id) =>
        (await AskAsync<object>(exchange, id, async kept =>
            (null, await kept.ForgetAsync(id, exchange.Aborted) ? null : ObjectIds.NotFound(id)))).Error;

    /// <summary>Adds items behind an answer, all or none; nobody waits for it but those who ask for the conversation next.</summary>
    /// <param name="exchange">What was answered.</param>
    /// <param name="id">The conversation.</param>
    /// <param name="items">What was asked and answered.</param>
    /// <param name="after">Comes first, and says whether they are added at all.</param>
    public void Append(Exchange exchange, string id, IReadOnlyList<JsonObject> items, Task<bool> after)
    {
        var texts = Texts(items);
        var lifetime = LifetimeOf(exchange);
        lock (_appending)
        {
            var before = _appending.GetValueOrDefault(id, Task.CompletedTask);
            Task? own = null;
            own = AppendBehindAsync();
            _appending[id] = own;

            async Task AppendBehindAsync()
            {
                // Whatever became of the one before has been told.
                await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
                try
                {
                    if (await after)
                    {
                        await WriteAsync(id, texts, lifetime);
                    }
                }
                finally
                {
                    lock (_appending)
                    {
                        if (_appending.GetValueOrDefault(id) == own)
                        {
                            _appending.Remove(id);
                        }
                    }
                }
            }
        }
    }

    private async Task WriteAsync(string id, KeyValuePair<string, byte[]>[] texts, TimeSpan lifetime)
    {
        var bytes = texts.Sum(static t => (long)t.Value.Length);
        var written = writes.TryBegin(id, bytes, async () =>
            await _store!.AppendAsync(id, texts, lifetime, StoreDeadlines.Background, CancellationToken.None) == ConversationWrite.Done);
        if (written is null || !await written)
        {
            LogNotAdded(texts.Length, bytes, id);
        }
    }

    private async ValueTask<(T? Found, ApiError? Error)> AskAsync<T>(
        Exchange exchange, string id, Func<ConversationStore, ValueTask<(T?, ApiError?)>> ask)
        where T : class
    {
        if (_store is null)
        {
            return (null, ObjectIds.NotFound(id));
        }

        Task? appending;
        lock (_appending)
        {
            _appending.TryGetValue(id, out appending);
        }

        try
        {
            if (appending is not null)
            {
                await appending.WaitAsync(StoreDeadlines.Request, time, exchange.Aborted);
            }

            return await ask(_store);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or TimeoutException)
        {
            // The store has logged it.
            return (null, ObjectIds.Unknown(id));
        }
    }

    // What was kept stays for its time, though nothing new is kept any more.
    private TimeSpan LifetimeOf(Exchange exchange) =>
        _store is null ? TimeSpan.Zero : TimeSpan.FromHours(exchange.State.Server.Responses.StoreHours);

    private static KeyValuePair<string, byte[]>[] Texts(IReadOnlyList<JsonObject> items) =>
    [
        .. items.Where(static i => i["id"] is not null)
            .Select(static i => KeyValuePair.Create(i["id"]!.ToString(), JsonBytes.RelaxedOf(i))),
    ];

    private static JsonObject Describe(string id, long made, JsonObject metadata) => new()
    {
        ["id"] = id,
        ["object"] = "conversation",
        ["created_at"] = made,
        ["metadata"] = metadata.DeepClone(),
    };

    private static ApiError? ErrorOf(string id, ConversationWrite write) => write switch
    {
        ConversationWrite.Done => null,
        ConversationWrite.Full => Full(id),
        _ => ObjectIds.NotFound(id),
    };

    /// <summary>Nothing more can be added to it.</summary>
    public static ApiError Full(string id) => new(
        ErrorCause.InvalidRequest,
        $"The conversation '{id}' has no room for this: it may have {ConversationStore.MostItems} items and " +
        $"{ConversationStore.MostBytes / (1024 * 1024)} MiB. Begin another one.");

    [LoggerMessage(2612, LogLevel.Warning,
        "{Count} items, of {Bytes} bytes, are not added to {Conversation}: it is full or gone, or too much waits for the store")]
    private partial void LogNotAdded(int count, long bytes, string conversation);
}
