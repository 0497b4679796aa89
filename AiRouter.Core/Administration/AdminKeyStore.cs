using System.Text.Json;
using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Core.Administration;

/// <summary>
/// The admin keys in the store, and the audit of what is no change of configuration or client keys. Every change is one script,
/// which notes it in the audit too.
/// </summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> when the store is away.</remarks>
public sealed class AdminKeyStore(IStore store)
{
    /// <summary>How many entries of the audit are kept.</summary>
    public const int AuditLength = 1000;

    private static readonly StoreScript Read = new("Administration/read.lua");
    private static readonly StoreScript Put = new("Administration/put.lua");
    private static readonly StoreScript Remove = new("Administration/remove.lua");
    private static readonly StoreScript Note = new("Administration/note.lua");
    private static readonly StoreScript Audit = new("Administration/audit.lua");

    private readonly RedisKey _keys = store.Key("admin-keys");
    private readonly RedisKey _audit = store.Key("audit");

    /// <summary>All records, by name.</summary>
    public async ValueTask<IReadOnlyList<AdminKeyRecord>> ReadAsync(CancellationToken cancellationToken)
    {
        var records = (string[])(await RunAsync(Read, [_keys], [], cancellationToken))!;
        return [.. records.Select(ReadRecord).OrderBy(r => r.Name, StringComparer.Ordinal)];
    }

    /// <summary>Adds a record (<paramref name="expectedVersion"/> 0), or replaces one that still has that version.</summary>
    /// <param name="record">The record, with its new version.</param>
    /// <param name="expectedVersion">The version that it replaces.</param>
    /// <param name="mayBeLast">Whether another admin is left (the environment's key) when no record is one any more.</param>
    /// <param name="entry">What the audit says.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<AdminKeyChange> PutAsync(
        AdminKeyRecord record, long expectedVersion, bool mayBeLast, AuditEntry entry, CancellationToken cancellationToken)
    {
        RedisValue[] arguments =
        [
            record.Id, expectedVersion, JsonSerializer.Serialize(record, AdministrationJson.Default.AdminKeyRecord), ToJson(entry),
            mayBeLast ? 1 : 0, AuditLength,
        ];
        return ToChange(await RunAsync(Put, [_keys, _audit], arguments, cancellationToken));
    }

    /// <summary>Removes a record.</summary>
    /// <param name="id">Which.</param>
    /// <param name="expectedVersion">The version that it must have; 0: any.</param>
    /// <param name="mayBeLast">Whether another admin is left (the environment's key) when no record is one any more.</param>
    /// <param name="entry">What the audit says.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<AdminKeyChange> RemoveAsync(
        string id, long expectedVersion, bool mayBeLast, AuditEntry entry, CancellationToken cancellationToken) =>
        ToChange(await RunAsync(
            Remove,
            [_keys, _audit],
            [id, expectedVersion, ToJson(entry), mayBeLast ? 1 : 0, AuditLength],
            cancellationToken));

    /// <summary>Notes what is no change of a record.</summary>
    public async ValueTask NoteAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        await RunAsync(Note, [_audit], [ToJson(entry), AuditLength], cancellationToken);

    /// <summary>The last entries of the audit, newest first.</summary>
    public async ValueTask<IReadOnlyList<AuditEntry>> AuditAsync(int count, CancellationToken cancellationToken)
    {
        var entries = (string[])(await RunAsync(Audit, [_audit], [count], cancellationToken))!;
        return [.. entries.Select(e => JsonSerializer.Deserialize(e, AdministrationJson.Default.AuditEntry)!)];
    }

    private ValueTask<RedisResult> RunAsync(
        StoreScript script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken) =>
        store.RunAsync(script, keys, arguments, StoreDeadlines.Background, cancellationToken);

    private static AdminKeyChange ToChange(RedisResult result)
    {
        var answer = (string[])result!;
        return new AdminKeyChange(Enum.Parse<AdminKeyOutcome>(answer[0]), answer[1].Length > 0 ? ReadRecord(answer[1]) : null);
    }

    internal static AdminKeyRecord ReadRecord(string json) =>
        JsonSerializer.Deserialize(json, AdministrationJson.Default.AdminKeyRecord)!;

    private static string ToJson(AuditEntry entry) => JsonSerializer.Serialize(entry, AdministrationJson.Default.AuditEntry);
}

/// <summary>How a change of an admin key ended.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="Record">The record as it is now, where there is one.</param>
public sealed record AdminKeyChange(AdminKeyOutcome Outcome, AdminKeyRecord? Record);

/// <summary>How a change of an admin key ended.</summary>
public enum AdminKeyOutcome
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>There is no such record.</summary>
    NotFound,

    /// <summary>Somebody else changed it meanwhile.</summary>
    Conflict,

    /// <summary>Another record has the name.</summary>
    NameTaken,

    /// <summary>Nobody would be left who may make admin keys.</summary>
    LastAdmin,
}
