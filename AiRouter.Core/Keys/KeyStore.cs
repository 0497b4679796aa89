using System.Globalization;
using System.Text.Json;
using AiRouter.Core.Stores;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace AiRouter.Core.Keys;

/// <inheritdoc cref="IKeyStore"/>
internal sealed partial class KeyStore(IStore store, ILogger<KeyStore> logger) : IKeyStore
{
    // Two operators who rotate one key at the same time; not a loop for ever.
    private const int MostTries = 5;

    private static readonly StoreScript Put = new("Keys/put.lua");
    private static readonly StoreScript Revoke = new("Keys/revoke.lua");
    private static readonly StoreScript Read = new("Keys/read.lua");
    private static readonly StoreScript Find = new("Keys/find.lua");
    private static readonly StoreScript Audit = new("Keys/audit.lua");

    private readonly KeyStoreNames _names = new(store);

    public async ValueTask<KeySnapshot> ReadAsync(KeySnapshot? known, CancellationToken cancellationToken)
    {
        var answer = (RedisResult[])(await RunAsync(Read, _names.ForRead, [known?.Version ?? 0, known?.Latch ?? ""], cancellationToken))!;
        var isEverything = (int)answer[2] == 1;
        if (!isEverything && known!.Version == (long)answer[0])
        {
            return known;
        }

        var records = isEverything ? [] : known!.Records.ToDictionary(r => r.Id, StringComparer.Ordinal);
        foreach (var (id, json) in Pairs(answer[3]))
        {
            if (TryRead(id, json) is { } record)
            {
                records[id] = record;
            }
            else
            {
                records.Remove(id);
            }
        }

        var revoked = new Dictionary<string, DateTimeOffset>(isEverything ? [] : known!.Revoked, StringComparer.Ordinal);
        foreach (var (hash, from) in Pairs(answer[4]))
        {
            revoked[hash] = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(from, CultureInfo.InvariantCulture));
        }

        var latch = (string?)answer[1];
        return new KeySnapshot((long)answer[0], [.. records.Values], revoked, latch is { Length: > 0 } ? latch : null);
    }

    public async ValueTask<long> ReadVersionAsync(CancellationToken cancellationToken) =>
        (long?)await store.GetAsync(_names.Version, StoreDeadlines.Background, cancellationToken) ?? 0;

    public async ValueTask<KeyRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        (string?)await RunAsync(Find, [_names.Records], [id], cancellationToken) is { } json ? TryRead(id, json) : null;

    public ValueTask<KeyChange> CreateAsync(KeyRecord record, CancellationToken cancellationToken)
    {
        var first = record with
        {
            Version = 1,
            Hash = record.Hash.ToLowerInvariant(),
            PreviousHash = null,
            PreviousUntil = null,
        };
        return PutAsync(first, 0, "create", [], cancellationToken);
    }

    public async ValueTask<KeyChange> UpdateAsync(KeyRecord record, long expectedVersion, CancellationToken cancellationToken)
    {
        if (await FindAsync(record.Id, cancellationToken) is not { } stored)
        {
            return new KeyChange(KeyChangeOutcome.NotFound, null);
        }

        if (stored.Version != expectedVersion)
        {
            return new KeyChange(KeyChangeOutcome.Conflict, stored);
        }

        var next = record with
        {
            Version = expectedVersion + 1,
            Hash = stored.Hash,
            Prefix = stored.Prefix,
            PreviousHash = stored.PreviousHash,
            PreviousUntil = stored.PreviousUntil,
            Created = stored.Created,
        };
        return await PutAsync(next, expectedVersion, "update", KeyJson.Differences(stored, next), cancellationToken);
    }

    public async ValueTask<KeyChange> RotateAsync(string id, KeyRotation rotation, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            if (await FindAsync(id, cancellationToken) is not { } stored)
            {
                return new KeyChange(KeyChangeOutcome.NotFound, null);
            }

            if (rotation.ExpectedVersion is { } expected && expected != stored.Version)
            {
                return new KeyChange(KeyChangeOutcome.Conflict, stored);
            }

            if (stored.Hash.Equals(rotation.Hash, StringComparison.OrdinalIgnoreCase))
            {
                return new KeyChange(KeyChangeOutcome.HashTaken, stored);
            }

            var overlaps = rotation.Overlap > TimeSpan.Zero;
            var next = stored with
            {
                Version = stored.Version + 1,
                Hash = rotation.Hash.ToLowerInvariant(),
                Prefix = rotation.Prefix,
                PreviousHash = overlaps ? stored.Hash : null,
                PreviousUntil = overlaps ? rotation.By.At + rotation.Overlap : null,
                Updated = rotation.By,
            };
            var change = await PutAsync(next, stored.Version, "rotate", [], cancellationToken);
            if (change.Outcome != KeyChangeOutcome.Conflict || rotation.ExpectedVersion is not null || tries == MostTries)
            {
                return change;
            }
        }
    }

    public async ValueTask<KeyChange> RevokeAsync(string id, Change by, CancellationToken cancellationToken)
    {
        var name = (await FindAsync(id, cancellationToken))?.Name ?? "";
        return await RevokeAsync(new KeyAudit(by, "revoke", id, name, []), [], cancellationToken);
    }

    public async ValueTask RevokeHashesAsync(IReadOnlyCollection<string> hashes, Change by, CancellationToken cancellationToken)
    {
        if (hashes.Count > 0)
        {
            await RevokeAsync(new KeyAudit(by, "revoke-hashes", "", "", []), hashes, cancellationToken);
        }
    }

    public async ValueTask<IReadOnlyList<KeyAudit>> AuditAsync(int count, CancellationToken cancellationToken)
    {
        var entries = (string[])(await RunAsync(Audit, [_names.Audit], [count], cancellationToken))!;
        return [.. entries.Select(KeyJson.ReadAudit)];
    }

    private async ValueTask<KeyChange> PutAsync(
        KeyRecord record, long expectedVersion, string action, IReadOnlyList<ConfigurationDifference> differences,
        CancellationToken cancellationToken)
    {
        var audit = new KeyAudit(record.Updated, action, record.Id, record.Name, differences);
        RedisValue[] arguments =
        [
            record.Id, expectedVersion, record.Name, record.Hash, KeyJson.Write(record), KeyJson.Write(audit), _names.Changed,
            record.PreviousUntil?.ToUnixTimeMilliseconds() ?? 0,
        ];
        return ToChange(await RunAsync(Put, _names.ForChange, arguments, cancellationToken));
    }

    private async ValueTask<KeyChange> RevokeAsync(
        KeyAudit audit, IReadOnlyCollection<string> hashes, CancellationToken cancellationToken)
    {
        RedisValue[] arguments =
            [audit.Id, KeyJson.Write(audit), _names.Changed, .. hashes.Select(h => (RedisValue)h.ToLowerInvariant())];
        return ToChange(await RunAsync(Revoke, _names.ForChange, arguments, cancellationToken));
    }

    private static KeyChange ToChange(RedisResult result)
    {
        var answer = (string[])result!;
        return new KeyChange(Enum.Parse<KeyChangeOutcome>(answer[0]), answer[1].Length > 0 ? KeyJson.ReadRecord(answer[1]) : null);
    }

    private static IEnumerable<(string Name, string Value)> Pairs(RedisResult result) =>
        ((string[])result!).Chunk(2).Select(p => (p[0], p[1]));

    // One record that cannot be read (a later release wrote it, somebody edited it by hand) must not take the others along.
    private KeyRecord? TryRead(string id, string json)
    {
        if (json.Length == 0)
        {
            return null;
        }

        try
        {
            return KeyJson.ReadRecord(json);
        }
        catch (JsonException unreadable)
        {
            LogUnreadable(id, unreadable.Message);
            return null;
        }
    }

    private ValueTask<RedisResult> RunAsync(
        StoreScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken) =>
        store.RunAsync(script, keys, arguments, StoreDeadlines.Background, cancellationToken);

    [LoggerMessage(1321, LogLevel.Error, "The store's record of the key {Id} cannot be read: the key does not work ({Reason})")]
    private partial void LogUnreadable(string id, string reason);
}
