using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Core.Stores;

namespace AiRouter.Core.Keys;

/// <summary>Key records as the JSON that the store and the copy on disk hold.</summary>
internal static class KeyJson
{
    // Of no use to whoever reads what happened: hashes, and what changes each time.
    private static readonly string[] Untold = ["version", "hash", "previousHash", "updated"];

    public static string Write(KeyRecord record) => JsonSerializer.Serialize(record, KeyRecordJson.Default.KeyRecord);

    public static byte[] Write(KeySnapshot snapshot) => JsonSerializer.SerializeToUtf8Bytes(snapshot, KeyRecordJson.Default.KeySnapshot);

    public static string Write(KeyAudit audit) => JsonSerializer.Serialize(audit, KeyRecordJson.Default.KeyAudit);

    /// <exception cref="JsonException">It is no record.</exception>
    public static KeyRecord ReadRecord(string json) =>
        JsonSerializer.Deserialize(json, KeyRecordJson.Default.KeyRecord) ?? throw new JsonException("It is null.");

    /// <exception cref="JsonException">It is no snapshot.</exception>
    public static KeySnapshot ReadSnapshot(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, KeyRecordJson.Default.KeySnapshot) is { Records: not null, Revoked: not null } snapshot
            ? snapshot
            : throw new JsonException("It has no keys.");

    /// <exception cref="JsonException">It is no entry.</exception>
    public static KeyAudit ReadAudit(string json) =>
        JsonSerializer.Deserialize(json, KeyRecordJson.Default.KeyAudit) ?? throw new JsonException("It is null.");

    /// <summary>What differs, member by member; hashes left out.</summary>
    public static IReadOnlyList<ConfigurationDifference> Differences(KeyRecord before, KeyRecord after)
    {
        var old = JsonSerializer.SerializeToNode(before, KeyRecordJson.Default.KeyRecord)!.AsObject();
        var now = JsonSerializer.SerializeToNode(after, KeyRecordJson.Default.KeyRecord)!.AsObject();
        return
        [
            .. old.Select(m => m.Key).Union(now.Select(m => m.Key), StringComparer.Ordinal)
                .Where(name => !Untold.Contains(name, StringComparer.Ordinal) && !JsonNode.DeepEquals(old[name], now[name]))
                .Select(name => new ConfigurationDifference(name, old[name]?.ToJsonString(), now[name]?.ToJsonString())),
        ];
    }
}
