using AiRouter.Core.Configuration.Secrets;
using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Core.Playground;

/// <summary>
/// The secrets that sign playground tokens: random, in the store, each for an hour, so that an old backup of the store signs nothing.
/// They are encrypted where there is <c>AIROUTER_ENCRYPTION_KEY</c>; then routers need it too.
/// </summary>
public sealed class PlaygroundSecrets(IStore store, TimeProvider time, EncryptionKeys? keys = null)
{
    /// <summary>How long one signs.</summary>
    internal static readonly TimeSpan Signs = TimeSpan.FromHours(1);

    /// <summary>How long one is known after that: longer than any token that it has signed works.</summary>
    internal static readonly TimeSpan Lingers = TimeSpan.FromMinutes(5);

    /// <summary>How long a process believes what it has read.</summary>
    internal static readonly TimeSpan Believed = TimeSpan.FromMinutes(5);

    private static readonly StoreScript Take = new("Playground/secret.lua");

    // No backend has an empty name: what is encrypted for here is worth nothing anywhere else.
    private static readonly SecretPlace Place = new("", "playground", []);

    private readonly string _key = store.Key("playground:secrets");
    private readonly Lock _gate = new();
    private IReadOnlyList<PlaygroundSecret> _known = [];
    private long _knownSince;
    private Task<IReadOnlyList<PlaygroundSecret>>? _reading;

    /// <summary>The one that signs now; made if there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    internal async ValueTask<PlaygroundSecret> CurrentAsync(CancellationToken cancellationToken)
    {
        var unreadable = "";
        while (true)
        {
            var fresh = PlaygroundSecret.Create();
            RedisValue[] arguments =
            [
                fresh.Id, ToText(fresh), (long)Signs.TotalMilliseconds, (long)Lingers.TotalMilliseconds, unreadable,
            ];
            var stored = (string)(await store.RunAsync(Take, [_key], arguments, StoreDeadlines.Background, cancellationToken))!;
            var current = ReadAll(stored)[0];
            if (current.IsReadable)
            {
                return current;
            }

            // Another encryption key than when it was made: nobody can use it any more.
            unreadable = current.Id;
        }
    }

    /// <summary>The one with an id; null: there is none.</summary>
    /// <exception cref="StoreUnavailableException">It is not known here, and the store is away.</exception>
    internal async ValueTask<PlaygroundSecret?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (Known(id) is { } known)
        {
            return known;
        }

        // Whoever makes tokens up makes up ids too: one reads at a time, the others wait for it. A reading that had begun before may
        // have missed one that is new.
        var (reading, isOwn) = Read();
        var read = Find(await reading.WaitAsync(cancellationToken), id);
        return read is null && !isOwn ? Find(await Read().Reading.WaitAsync(cancellationToken), id) : read;
    }

    private static PlaygroundSecret? Find(IReadOnlyList<PlaygroundSecret> secrets, string id)
    {
        foreach (var secret in secrets)
        {
            if (secret.Id == id)
            {
                return secret;
            }
        }

        return null;
    }

    private PlaygroundSecret? Known(string id)
    {
        lock (_gate)
        {
            return time.GetElapsedTime(_knownSince) < Believed ? Find(_known, id) : null;
        }
    }

    private (Task<IReadOnlyList<PlaygroundSecret>> Reading, bool IsOwn) Read()
    {
        lock (_gate)
        {
            if (_reading is { IsCompleted: false } underWay)
            {
                return (underWay, false);
            }

            return (_reading = ReadAsync(), true);
        }
    }

    // Nobody's own request: who leaves does not end it for the others.
    private async Task<IReadOnlyList<PlaygroundSecret>> ReadAsync()
    {
        var stored = await store.GetAsync(_key, StoreDeadlines.Request, CancellationToken.None);
        var read = stored.IsNull ? [] : ReadAll((string)stored!);
        lock (_gate)
        {
            (_known, _knownSince) = (read, time.GetTimestamp());
        }

        return read;
    }

    private string ToText(PlaygroundSecret secret)
    {
        var text = Convert.ToBase64String(secret.Bytes.Span);
        return keys is null ? text : keys.Encrypt(text, Place);
    }

    // Lines of id, when it was made, and the secret; the newest first.
    private IReadOnlyList<PlaygroundSecret> ReadAll(string stored) =>
    [
        .. stored.Split('\n').Select(static line => line.Split(' ')).Where(static parts => parts.Length == 3)
            .Select(parts => new PlaygroundSecret(parts[0], FromText(parts[2]))),
    ];

    private byte[] FromText(string text)
    {
        var plain = !text.StartsWith(EncryptionKeys.Prefix, StringComparison.Ordinal) ? text : keys?.Decrypt(text, Place).Secret;
        var bytes = new byte[PlaygroundSecret.Length];
        return plain is not null && Convert.TryFromBase64String(plain, bytes, out var length) && length == bytes.Length ? bytes : [];
    }
}
