using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Core.Keys;

/// <summary>Where the store keeps client keys.</summary>
internal sealed class KeyStoreNames(IStore store)
{
    /// <summary>Who listens learns the new version of all keys.</summary>
    public string Changed { get; } = store.Key("keys:changed");

    /// <summary>A string: the version of all keys together.</summary>
    public string Version { get; } = store.Key("keys:version");

    /// <summary>A hash: id → record.</summary>
    public RedisKey Records { get; } = store.Key("keys");

    /// <summary>A hash: <c>name:NAME</c> and <c>hash:HASH</c> → id.</summary>
    public RedisKey Index { get; } = store.Key("keys:index");

    /// <summary>A hash: hash → from when it does not work, in milliseconds; 0: it never does.</summary>
    public RedisKey Revoked { get; } = store.Key("keys:revoked");

    /// <summary>A sorted set: <c>k:ID</c> and <c>r:HASH</c> by the version that changed them last; the last 10,000.</summary>
    public RedisKey Changes { get; } = store.Key("keys:changes");

    /// <summary>A string: exists since the first key (R1).</summary>
    public RedisKey Latch { get; } = store.Key("keys:latch");

    /// <summary>A list: who did what, newest first; the last 1,000.</summary>
    public RedisKey Audit { get; } = store.Key("keys:audit");

    /// <summary>All, as scripts that write take them.</summary>
    public RedisKey[] ForChange => [Records, Index, Revoked, Changes, Version, Latch, Audit];

    /// <summary>What the script that reads takes.</summary>
    public RedisKey[] ForRead => [Records, Revoked, Changes, Version, Latch];
}
