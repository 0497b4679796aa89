using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Core.Objects;

/// <summary>Whose the objects are that backends keep, for all replicas and over restarts (R5).</summary>
public sealed class ObjectStore(IStore store)
{
    /// <summary>How long an object is remembered after it was used last.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private const int LongestName = 128;

    private static readonly StoreScript Remember = new("Objects/remember.lua");
    private static readonly StoreScript Find = new("Objects/find.lua");

    /// <summary>Remembers objects; of those that are remembered already the owner stays, and the time begins again.</summary>
    /// <exception cref="StoreUnavailableException">The store is away; they may be remembered or not.</exception>
    public ValueTask RememberAsync(IReadOnlyList<KeyValuePair<string, OwnedObject>> objects, CancellationToken cancellationToken) =>
        RememberAsync(objects, StoreDeadlines.Background, cancellationToken);

    /// <summary>The same for one that a client waits for (R41).</summary>
    /// <exception cref="StoreUnavailableException">The store is away; it may be remembered or not.</exception>
    public ValueTask RememberAsync(string id, OwnedObject made, CancellationToken cancellationToken) =>
        RememberAsync([new(id, made)], StoreDeadlines.Request, cancellationToken);

    /// <summary>The objects with these ids, in their order; null: not remembered. A client's request waits for it (R41).</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async ValueTask<IReadOnlyList<OwnedObject?>> FindAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var values = (string[])(await store.RunAsync(
            Find, [.. ids.Select(KeyOf)], [], StoreDeadlines.Request, cancellationToken))!;
        return [.. values.Select(Read)];
    }

    private async ValueTask RememberAsync(
        IReadOnlyList<KeyValuePair<string, OwnedObject>> objects, TimeSpan deadline, CancellationToken cancellationToken) =>
        await store.RunAsync(
            Remember,
            [.. objects.Select(o => KeyOf(o.Key))],
            [
                (long)Lifetime.TotalMilliseconds,
                .. objects.Select(o => (RedisValue)JsonSerializer.Serialize(o.Value, ObjectJson.Default.OwnedObject)),
            ],
            deadline,
            cancellationToken);

    // Backends make the ids; a long one must not make a long key.
    private RedisKey KeyOf(string id) => store.Key("object:" + (id.Length <= LongestName
        ? id
        : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))));

    private static OwnedObject? Read(string value) =>
        value.Length == 0 ? null : JsonSerializer.Deserialize(value, ObjectJson.Default.OwnedObject);
}
