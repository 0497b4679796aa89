using StackExchange.Redis;

namespace AiRouter.Core.Stores;

/// <summary>
/// The one gateway to what all processes share: Redis, or the embedded store that speaks its protocol. Few calls on purpose:
/// scripts change state, the rest reads and tells. Every call has a deadline, and fails at once while the store is known to be
/// away (R41): a hung store costs the first few callers their deadline and nobody else anything.
/// </summary>
public interface IStore
{
    /// <summary>Whether the last calls worked. False does not mean that nothing comes back: it is tried in the background.</summary>
    bool IsAvailable { get; }

    /// <summary>Why not, for logs and reports; null while it is available. Never an address or a password.</summary>
    string? Problem { get; }

    /// <summary>
    /// The full name of a key. All of one installation share one hash tag (<c>{airouter}:config</c>), so that in a cluster every
    /// script finds its keys in one slot.
    /// </summary>
    string Key(string name);

    /// <summary>Runs a script atomically. Every key that it touches must be named: the stores lock (and a cluster routes) by them.</summary>
    /// <param name="script">The script.</param>
    /// <param name="keys">Full names (<see cref="Key"/>), <c>KEYS[1]</c> on.</param>
    /// <param name="arguments">What the script's text calls <c>args</c>, from 1 on.</param>
    /// <param name="deadline">How long the caller waits; a script that arrives later than that changes nothing.</param>
    /// <param name="cancellationToken">Gives up waiting; the script may have run.</param>
    /// <exception cref="StoreUnavailableException">The store is away, or did not answer in time: the script may have run.</exception>
    ValueTask<RedisResult> RunAsync(
        StoreScript script, RedisKey[] keys, RedisValue[] arguments, TimeSpan deadline, CancellationToken cancellationToken);

    /// <summary>The value of a string key; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store is away, or did not answer in time.</exception>
    ValueTask<RedisValue> GetAsync(string key, TimeSpan deadline, CancellationToken cancellationToken);

    /// <summary>Tells everybody who listens now. A message may be lost: who must know looks at a version from time to time.</summary>
    /// <exception cref="StoreUnavailableException">The store is away, or did not answer in time.</exception>
    ValueTask PublishAsync(string channel, RedisValue message, TimeSpan deadline, CancellationToken cancellationToken);

    /// <summary>
    /// Listens until disposed, over lost connections too; what is told while the connection is down is lost. The callback must
    /// not block: it runs on the connection's reader.
    /// </summary>
    IDisposable Subscribe(string channel, Action<RedisValue> received);

    /// <summary>Calls back whenever <see cref="IsAvailable"/> changes, with its new value; dispose to stop.</summary>
    IDisposable OnAvailabilityChange(Action<bool> changed);
}
