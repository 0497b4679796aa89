using System.Text.Json.Nodes;
using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Admin.Management.Keys;

/// <summary>The one way to change client keys: REST and pages both come here.</summary>
internal sealed class KeyEditor(IKeyStore store, ConfigurationEditor editor, KeyChecks checks, TimeProvider time)
{
    // Each try loses to somebody else's change of the same key.
    private const int MostTries = 10;

    /// <summary>All keys, those of the store and those that the configuration declares, by name.</summary>
    public async Task<IReadOnlyList<KeyView>> ListAsync(CancellationToken cancellationToken) =>
        (await ListAsync(null, cancellationToken)).Keys;

    /// <summary>As <see cref="ListAsync(CancellationToken)"/>; of the store only what has changed since a list was read is read.</summary>
    public async Task<KeyList> ListAsync(KeyList? known, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var stored = await store.ReadAsync(known?.Stored, cancellationToken);
        var declared = (await editor.ReadAsync(cancellationToken)).Value?.Config.Keys ?? [];
        return new KeyList(
            stored,
            [
                .. stored.Records.Select(r => KeyMapping.View(r, now))
                    .Concat(declared.Select(k => KeyMapping.View(k, stored.Revoked.ContainsKey(k.Hash.ToLowerInvariant()), now)))
                    .OrderBy(static k => k.Name, StringComparer.Ordinal),
            ]);
    }

    /// <summary>One key.</summary>
    public async Task<Outcome<KeyView>> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is { } record)
        {
            return KeyMapping.View(record, time.GetUtcNow());
        }

        return (await ListAsync(cancellationToken)).FirstOrDefault(k => k.Id == id) is { } declared ? declared : Missing(id);
    }

    /// <summary>What a key with these settings would not get, although nothing is wrong with them.</summary>
    public Task<IReadOnlyList<ConfigurationProblem>> WarningsAsync(KeySettings settings, CancellationToken cancellationToken) =>
        checks.WarningsAsync(settings, cancellationToken);

    /// <summary>Makes a key. Its secret is in the answer, and nowhere else.</summary>
    public async Task<Outcome<KeyWithSecret>> CreateAsync(KeySettings settings, AdminIdentity by, CancellationToken cancellationToken)
    {
        if (await checks.CheckAsync(settings, cancellationToken) is { Count: > 0 } problems)
        {
            return ManagementFailure.Invalid(problems);
        }

        var secret = ClientKeySecret.Create();
        var done = Now(by);
        var record = new KeyRecord(settings)
        {
            Id = ClientKeySecret.CreateId(),
            Name = settings.Name,
            Hash = ClientKeySecret.HashOf(secret),
            Prefix = ClientKeySecret.PrefixOf(secret),
            Created = done,
            Updated = done,
        };
        var change = await store.CreateAsync(record, cancellationToken);
        return Failure(change, record.Id, settings.Name) is { } failure ? failure : WithSecret(change.Record!, secret);
    }

    /// <summary>Replaces all settings of a key that still has a version (null: whatever it has).</summary>
    public Task<Outcome<KeyView>> ReplaceAsync(
        string id, KeySettings settings, long? expectedVersion, AdminIdentity by, CancellationToken cancellationToken) =>
        ChangeAsync(id, _ => settings, expectedVersion, by, cancellationToken);

    /// <summary>Changes the settings that a JSON merge patch (RFC 7396) names.</summary>
    public Task<Outcome<KeyView>> PatchAsync(
        string id, JsonObject patch, long? expectedVersion, AdminIdentity by, CancellationToken cancellationToken) =>
        ChangeAsync(id, settings => MergePatch.Apply(settings, patch), expectedVersion, by, cancellationToken);

    /// <summary>Switches a key off, or on again.</summary>
    public Task<Outcome<KeyView>> SwitchAsync(string id, bool disabled, AdminIdentity by, CancellationToken cancellationToken) =>
        ChangeAsync(id, settings => settings with { Disabled = disabled }, null, by, cancellationToken);

    /// <summary>Gives a key another secret; the one of before works for a while too.</summary>
    public async Task<Outcome<KeyWithSecret>> RotateAsync(
        string id, TimeSpan overlap, long? expectedVersion, AdminIdentity by, CancellationToken cancellationToken)
    {
        if (await DeclaredAsync(id, cancellationToken) is not null)
        {
            return DeclaredElsewhere(id);
        }

        var secret = ClientKeySecret.Create();
        var rotation = new KeyRotation(
            ClientKeySecret.HashOf(secret), ClientKeySecret.PrefixOf(secret), overlap, Now(by), expectedVersion);
        var change = await store.RotateAsync(id, rotation, cancellationToken);
        return Failure(change, id, "") is { } failure ? failure : WithSecret(change.Record!, secret);
    }

    /// <summary>Revokes a key for ever; one that the configuration declares too.</summary>
    public async Task<ManagementFailure?> RevokeAsync(string id, AdminIdentity by, CancellationToken cancellationToken)
    {
        if (await DeclaredAsync(id, cancellationToken) is { } declared)
        {
            await store.RevokeHashesAsync([declared.Hash], Now(by), cancellationToken);
            return null;
        }

        return Failure(await store.RevokeAsync(id, Now(by), cancellationToken), id, "");
    }

    private async Task<Outcome<KeyView>> ChangeAsync(
        string id, Func<KeySettings, Outcome<KeySettings>> change, long? expectedVersion, AdminIdentity by, CancellationToken cancellationToken)
    {
        if (await DeclaredAsync(id, cancellationToken) is not null)
        {
            return DeclaredElsewhere(id);
        }

        for (var tries = 1; ; tries++)
        {
            if (await store.FindAsync(id, cancellationToken) is not { } record)
            {
                return Missing(id);
            }

            if (expectedVersion is { } expected && expected != record.Version)
            {
                return Late(record);
            }

            var settings = change(KeyMapping.Settings(record));
            if (settings.Failure is { } wrong)
            {
                return wrong;
            }

            if (await checks.CheckAsync(settings.Value!, cancellationToken) is { Count: > 0 } problems)
            {
                return ManagementFailure.Invalid(problems);
            }

            var changed = KeyMapping.With(record, settings.Value!) with { Updated = Now(by) };
            var done = await store.UpdateAsync(changed, record.Version, cancellationToken);
            if (done.Outcome != KeyChangeOutcome.Conflict || expectedVersion is not null || tries == MostTries)
            {
                return Failure(done, id, settings.Value!.Name) is { } failure
                    ? failure
                    : KeyMapping.View(done.Record!, time.GetUtcNow());
            }
        }
    }

    private async Task<KeyConfig?> DeclaredAsync(string id, CancellationToken cancellationToken) =>
        (await editor.ReadAsync(cancellationToken)).Value?.Config.Keys.FirstOrDefault(k => KeyMapping.IdOf(k) == id);

    private KeyWithSecret WithSecret(KeyRecord record, string secret) => new(KeyMapping.View(record, time.GetUtcNow()), secret);

    private Change Now(AdminIdentity by) => new(time.GetUtcNow(), by.Name);

    private static ManagementFailure? Failure(KeyChange change, string id, string name) => change.Outcome switch
    {
        KeyChangeOutcome.Done => null,
        KeyChangeOutcome.NotFound => Missing(id),
        KeyChangeOutcome.Conflict => Late(change.Record!),
        KeyChangeOutcome.NameTaken => new ManagementFailure(FailureKind.Refused, $"Another key is called \"{name}\" already.")
        {
            Errors = [new ConfigurationProblem("name", "another key has it", null)],
        },
        _ => new ManagementFailure(FailureKind.Refused, "The secret belongs to another key, or was revoked."),
    };

    private static ManagementFailure Missing(string id) => new(FailureKind.NotFound, $"There is no key {id}.");

    private static ManagementFailure DeclaredElsewhere(string id) => new(
        FailureKind.Refused, $"The key {id} is declared in the configuration document: change it there (it can be revoked here).");

    private static ManagementFailure Late(KeyRecord record) => new(
        FailureKind.Conflict, $"The key has version {record.Version} now: read it again, and make the change there.")
    {
        CurrentVersion = ETags.Of(record.Version),
    };
}
