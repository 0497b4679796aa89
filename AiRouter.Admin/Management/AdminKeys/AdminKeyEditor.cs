using AiRouter.Admin.Authentication;
using AiRouter.Admin.Authentication.OpenId;
using AiRouter.Admin.Authentication.Proxies;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Administration;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Management.AdminKeys;

/// <summary>The one way to change admin keys.</summary>
internal sealed class AdminKeyEditor(AdminKeyStore store, AdminKeyring keyring, TimeProvider time)
{
    // Names that history and audit use for who is no admin key.
    private static readonly string[] Reserved = [AdminIdentity.EnvironmentName, "seed", "gitops", "restore", "router"];

    // People who sign in elsewhere.
    private static readonly string[] ReservedPrefixes = [OpenIdSignIn.NamePrefix, ProxyIdentityHandler.NamePrefix];

    /// <summary>All admin keys of the store, by name.</summary>
    public async Task<IReadOnlyList<AdminKeyView>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await store.ReadAsync(cancellationToken)).Select(View)];

    /// <summary>One admin key.</summary>
    public async Task<Outcome<AdminKeyView>> FindAsync(string id, CancellationToken cancellationToken) =>
        await RecordAsync(id, cancellationToken) is { } record ? View(record) : Missing(id);

    /// <summary>Makes an admin key. Its secret is in the answer, and nowhere else.</summary>
    public async Task<Outcome<AdminKeyWithSecret>> CreateAsync(AdminKeySettings settings, AdminIdentity by, CancellationToken cancellationToken)
    {
        if (Check(settings) is { } wrong)
        {
            return wrong;
        }

        var secret = AdminKeySecret.Create();
        var now = new Change(time.GetUtcNow(), by.Name);
        var record = new AdminKeyRecord
        {
            Id = AdminKeySecret.CreateId(),
            Version = 1,
            Name = settings.Name,
            Hash = ClientKeySecret.HashOf(secret),
            Prefix = AdminKeySecret.PrefixOf(secret),
            Role = settings.Role,
            ReadsBodies = settings.ReadBodies,
            Expires = settings.Expires,
            Created = now,
            Updated = now,
        };
        var change = await store.PutAsync(
            record, 0, keyring.HasEnvironmentKey, Entry("admin-key.create", record, Differences(null, settings), by), cancellationToken);
        return Failure(change, record) is { } failure ? failure : new AdminKeyWithSecret(View(record), secret);
    }

    /// <summary>Replaces the settings of an admin key that still has a version (null: whatever it has); its secret stays.</summary>
    public async Task<Outcome<AdminKeyView>> ReplaceAsync(
        string id, AdminKeySettings settings, long? expectedVersion, AdminIdentity by, CancellationToken cancellationToken)
    {
        if (Check(settings) is { } wrong)
        {
            return wrong;
        }

        if (await RecordAsync(id, cancellationToken) is not { } before)
        {
            return Missing(id);
        }

        var record = before with
        {
            Version = (expectedVersion ?? before.Version) + 1,
            Name = settings.Name,
            Role = settings.Role,
            ReadsBodies = settings.ReadBodies,
            Expires = settings.Expires,
            Updated = new Change(time.GetUtcNow(), by.Name),
        };
        var change = await store.PutAsync(
            record,
            expectedVersion ?? before.Version,
            keyring.HasEnvironmentKey,
            Entry("admin-key.update", record, Differences(before, settings), by),
            cancellationToken);
        return Failure(change, record) is { } failure ? failure : View(record);
    }

    /// <summary>Removes an admin key: it ends at once.</summary>
    public async Task<ManagementFailure?> RemoveAsync(
        string id, long? expectedVersion, AdminIdentity by, CancellationToken cancellationToken)
    {
        if (await RecordAsync(id, cancellationToken) is not { } record)
        {
            return Missing(id);
        }

        var change = await store.RemoveAsync(
            id, expectedVersion ?? 0, keyring.HasEnvironmentKey, Entry("admin-key.delete", record, [], by), cancellationToken);
        return Failure(change, record);
    }

    private async Task<AdminKeyRecord?> RecordAsync(string id, CancellationToken cancellationToken) =>
        (await store.ReadAsync(cancellationToken)).FirstOrDefault(r => r.Id == id);

    private AuditEntry Entry(
        string action, AdminKeyRecord record, IReadOnlyList<ConfigurationDifference> differences, AdminIdentity by) =>
        new(time.GetUtcNow(), by.Name, action, record.Id, record.Name, differences);

    private static ManagementFailure? Check(AdminKeySettings settings)
    {
        if (settings.Name.Length is 0 or > 128 || settings.Name.Any(char.IsControl) || settings.Name != settings.Name.Trim())
        {
            return ManagementFailure.Invalid("name", "a name has 1 to 128 characters, no control character and no space at its ends");
        }

        return Reserved.Contains(settings.Name, StringComparer.OrdinalIgnoreCase) ||
            ReservedPrefixes.Any(p => settings.Name.StartsWith(p, StringComparison.OrdinalIgnoreCase))
            ? ManagementFailure.Invalid("name", $"\"{settings.Name}\" means something else in the history")
            : null;
    }

    private static IReadOnlyList<ConfigurationDifference> Differences(AdminKeyRecord? before, AdminKeySettings after) =>
        ConfigurationDiff.Between(
            before is null ? null : ConfigurationJson.WriteRecord(Settings(before)), ConfigurationJson.WriteRecord(after));

    private static AdminKeySettings Settings(AdminKeyRecord record) => new()
    {
        Name = record.Name,
        Role = record.Role,
        ReadBodies = record.ReadsBodies,
        Expires = record.Expires,
    };

    private static AdminKeyView View(AdminKeyRecord record) => new()
    {
        Id = record.Id,
        Version = record.Version,
        Prefix = record.Prefix,
        Name = record.Name,
        Role = record.Role,
        ReadBodies = record.ReadsBodies,
        Expires = record.Expires,
        Created = record.Created,
        Updated = record.Updated,
    };

    private static ManagementFailure? Failure(AdminKeyChange change, AdminKeyRecord record) => change.Outcome switch
    {
        AdminKeyOutcome.Done => null,
        AdminKeyOutcome.NotFound => Missing(record.Id),
        AdminKeyOutcome.NameTaken => new ManagementFailure(FailureKind.Refused, $"Another admin key is called \"{record.Name}\" already."),
        AdminKeyOutcome.LastAdmin => new ManagementFailure(
            FailureKind.Refused,
            "Nobody would be left with the role admin and no expiry: make another admin key first, or set AIROUTER_ADMIN_KEY."),
        _ => new ManagementFailure(FailureKind.Conflict, $"The admin key has version {change.Record!.Version} now.")
        {
            CurrentVersion = ETags.Of(change.Record.Version),
        },
    };

    private static ManagementFailure Missing(string id) => new(FailureKind.NotFound, $"There is no admin key {id}.");
}
