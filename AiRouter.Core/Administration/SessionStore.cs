using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Core.Administration;

/// <summary>
/// What Admin's processes share about the sessions of people: the keys that protect the cookies, which sessions have been ended, and
/// the admin keys that sessions hang on. A session itself is in its cookie alone.
/// </summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> when the store is away.</remarks>
public sealed class SessionStore(IStore store)
{
    /// <summary>How many keys are kept; one is made every 90 days.</summary>
    public const int MostKeys = 100;

    private static readonly StoreScript Read = new("Administration/session.lua");
    private static readonly StoreScript End = new("Administration/session-end.lua");
    private static readonly StoreScript Keys = new("Administration/session-keys.lua");
    private static readonly StoreScript AddKey = new("Administration/session-key-add.lua");

    private readonly RedisKey _adminKeys = store.Key("admin-keys");
    private readonly RedisKey _sessionKeys = store.Key("session-keys");

    /// <summary>What a session depends on, read at once.</summary>
    public async ValueTask<SessionStanding> ReadAsync(string session, CancellationToken cancellationToken)
    {
        var answer = (RedisResult[])(await RunAsync(Read, [_adminKeys, Mark(session)], [], cancellationToken))!;
        return new SessionStanding((int)answer[0] == 1, [.. answer.Skip(1).Select(static r => AdminKeyStore.ReadRecord((string)r!))]);
    }

    /// <summary>Ends a session everywhere.</summary>
    /// <param name="session">Its id.</param>
    /// <param name="remembered">For how long its cookie could live on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask EndAsync(string session, TimeSpan remembered, CancellationToken cancellationToken) =>
        await RunAsync(End, [Mark(session)], [(long)Math.Max(1, remembered.TotalMilliseconds)], cancellationToken);

    /// <summary>The keys that protect cookies, newest first, as they were given.</summary>
    public async ValueTask<IReadOnlyList<string>> KeysAsync(CancellationToken cancellationToken) =>
        (string[])(await RunAsync(Keys, [_sessionKeys], [], cancellationToken))!;

    /// <summary>Adds such a key.</summary>
    public async ValueTask AddKeyAsync(string key, CancellationToken cancellationToken) =>
        await RunAsync(AddKey, [_sessionKeys], [key, MostKeys], cancellationToken);

    private RedisKey Mark(string session) => store.Key("session-ended:" + session);

    private ValueTask<RedisResult> RunAsync(
        StoreScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken) =>
        store.RunAsync(script, keys, arguments, StoreDeadlines.Background, cancellationToken);
}

/// <summary>What a session depends on.</summary>
/// <param name="HasEnded">Somebody has ended it.</param>
/// <param name="AdminKeys">All admin keys.</param>
public sealed record SessionStanding(bool HasEnded, IReadOnlyList<AdminKeyRecord> AdminKeys);
