using System.Globalization;
using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Core.Objects;

/// <summary>
/// The conversations that the router itself keeps: items of JSON in their order, to which several requests can add at once. Whose they
/// are is told by <see cref="ObjectStore"/>. Each use keeps a conversation for as long again; a lifetime of zero leaves it as it is.
/// </summary>
public sealed class ConversationStore(IStore store)
{
    /// <summary>The most items of a conversation.</summary>
    public const int MostItems = 2000;

    /// <summary>The most bytes that the items of a conversation have together.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    private static readonly StoreScript Write = new("Objects/conversation-write.lua");
    private static readonly StoreScript Read = new("Objects/conversation-read.lua");
    private static readonly StoreScript Item = new("Objects/conversation-item.lua");
    private static readonly StoreScript Forget = new("Objects/forget.lua");

    /// <summary>Makes a conversation. A client's request waits for it (R41).</summary>
    /// <param name="id">Its id, which the router has made.</param>
    /// <param name="made">When, in seconds since 1970.</param>
    /// <param name="metadata">What its owner has noted of it, as JSON.</param>
    /// <param name="items">Ids and texts of its items.</param>
    /// <param name="lifetime">For how long it is kept.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="StoreUnavailableException">The store is away; it may be kept or not.</exception>
    public ValueTask<ConversationWrite> CreateAsync(
        string id, long made, ReadOnlyMemory<byte> metadata, IReadOnlyList<KeyValuePair<string, byte[]>> items, TimeSpan lifetime,
        CancellationToken cancellationToken) =>
        WriteAsync(
            id, made.ToString(CultureInfo.InvariantCulture), metadata, items, lifetime, StoreDeadlines.Request, cancellationToken);

    /// <summary>Notes something else of a conversation. A client's request waits for it (R41).</summary>
    /// <exception cref="StoreUnavailableException">The store is away; it may be noted or not.</exception>
    public ValueTask<ConversationWrite> DescribeAsync(
        string id, ReadOnlyMemory<byte> metadata, TimeSpan lifetime, CancellationToken cancellationToken) =>
        WriteAsync(id, RedisValue.EmptyString, metadata, [], lifetime, StoreDeadlines.Request, cancellationToken);

    /// <summary>Adds items at the end, all or none. One whose id is there already stays as it is.</summary>
    /// <exception cref="StoreUnavailableException">The store is away; they may be added or not, and can be added again.</exception>
    public ValueTask<ConversationWrite> AppendAsync(
        string id, IReadOnlyList<KeyValuePair<string, byte[]>> items, TimeSpan lifetime, TimeSpan deadline,
        CancellationToken cancellationToken) =>
        WriteAsync(id, RedisValue.EmptyString, RedisValue.EmptyString, items, lifetime, deadline, cancellationToken);

    /// <summary>A conversation with some of its items; null: it is not kept (any more). A client's request waits for it (R41).</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async ValueTask<StoredConversation?> FindAsync(
        string id, ItemRange range, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var values = (byte[][])(await store.RunAsync(
            Read,
            KeysOf(id),
            [Milliseconds(lifetime), range.IsAscending ? "asc" : "desc", range.After ?? "", range.Most ?? -1],
            StoreDeadlines.Request,
            cancellationToken))!;
        return values.Length == 0
            ? null
            : new StoredConversation(long.Parse(values[0], CultureInfo.InvariantCulture), values[1], values[2..]);
    }

    /// <summary>One of its items; null: it has none of this id. A client's request waits for it (R41).</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public ValueTask<byte[]?> FindItemAsync(string id, string item, TimeSpan lifetime, CancellationToken cancellationToken) =>
        ItemAsync("find", id, item, lifetime, cancellationToken);

    /// <summary>Takes an item out. False: it has none of this id.</summary>
    /// <exception cref="StoreUnavailableException">The store is away; it may be taken out or not.</exception>
    public async ValueTask<bool> RemoveItemAsync(string id, string item, TimeSpan lifetime, CancellationToken cancellationToken) =>
        await ItemAsync("remove", id, item, lifetime, cancellationToken) is not null;

    /// <summary>Forgets a conversation. False: it was not kept.</summary>
    /// <exception cref="StoreUnavailableException">The store is away; it may be forgotten or not.</exception>
    public async ValueTask<bool> ForgetAsync(string id, CancellationToken cancellationToken) =>
        (long)await store.RunAsync(Forget, KeysOf(id), [], StoreDeadlines.Request, cancellationToken) > 0;

    private async ValueTask<ConversationWrite> WriteAsync(
        string id, RedisValue made, RedisValue metadata, IReadOnlyList<KeyValuePair<string, byte[]>> items, TimeSpan lifetime,
        TimeSpan deadline, CancellationToken cancellationToken) =>
        (ConversationWrite)(int)await store.RunAsync(
            Write,
            KeysOf(id),
            [
                Milliseconds(lifetime), made, metadata, MostItems, MostBytes,
                .. items.DistinctBy(static i => i.Key, StringComparer.Ordinal).SelectMany(static i => new RedisValue[] { i.Key, i.Value }),
            ],
            deadline,
            cancellationToken);

    private async ValueTask<byte[]?> ItemAsync(
        string what, string id, string item, TimeSpan lifetime, CancellationToken cancellationToken) =>
        (byte[]?)await store.RunAsync(
            Item, KeysOf(id), [Milliseconds(lifetime), what, item], StoreDeadlines.Request, cancellationToken) is { Length: > 0 } json
            ? json
            : null;

    private RedisKey[] KeysOf(string id) =>
        [store.Key("conversation:" + id), store.Key($"conversation:{id}:items"), store.Key($"conversation:{id}:order")];

    private static long Milliseconds(TimeSpan lifetime) => (long)lifetime.TotalMilliseconds;
}
