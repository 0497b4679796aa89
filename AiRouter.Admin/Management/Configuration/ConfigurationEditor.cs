using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Administration;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Secrets;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Management.Configuration;

/// <summary>
/// The one way to change the configuration: REST and pages both come here. Every change is checked as a whole document, saved by
/// compare-and-set, and noted in the history with who made it.
/// </summary>
internal sealed class ConfigurationEditor(IConfigurationStore store, ConfigurationChecks checks, FieldLocks locks)
{
    // Each try loses to somebody else's save: ten in a row are more admins than there are.
    private const int MostTries = 10;

    /// <summary>The stored document.</summary>
    public async Task<Outcome<CurrentConfiguration>> ReadAsync(CancellationToken cancellationToken)
    {
        var state = await store.ReadStateAsync(null, cancellationToken);
        return state.Document is { } document ? StoredDocuments.Read(document) : WritingObstacles.Nothing(state);
    }

    /// <summary>An earlier document; the current one too.</summary>
    public async Task<Outcome<CurrentConfiguration>> ReadAsync(long version, CancellationToken cancellationToken) =>
        await store.ReadVersionAsync(version, cancellationToken) is { } document
            ? StoredDocuments.Read(document)
            : new ManagementFailure(FailureKind.NotFound, $"There is no version {version} among the last 100: /api/v1/config/history lists them.");

    /// <summary>The current version; 0: there is none.</summary>
    public async Task<long> ReadVersionAsync(CancellationToken cancellationToken) => await store.ReadVersionAsync(cancellationToken);

    /// <summary>The last changes, newest first.</summary>
    public async Task<IReadOnlyList<HistoryEntry>> HistoryAsync(CancellationToken cancellationToken) =>
        [.. (await store.HistoryAsync(cancellationToken)).Select(static c => new HistoryEntry(c.Version, c.At, c.By, c.Comment, c.Differences))];

    /// <summary>Checks a document as a save would, and saves nothing.</summary>
    public async Task<Outcome<ConfigurationValid>> ValidateAsync(RouterConfig asked, CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(cancellationToken) is { } document ? StoredDocuments.Read(document).Value?.Config : null;
        var (config, found) = checks.Prepare(asked, stored);
        return found.Problems.Count > 0
            ? ManagementFailure.Invalid(found.Problems)
            : new ConfigurationValid(StoredDocuments.Differences(stored, config), found.Warnings);
    }

    /// <summary>Makes a change and saves it; made anew when somebody else saved meanwhile, unless the edit expects a version.</summary>
    public async Task<Outcome<ConfigurationSaved>> SaveAsync(ConfigurationEdit edit, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var state = await store.ReadStateAsync(null, cancellationToken);
            var before = state.Document is { } document ? StoredDocuments.Read(document) : new CurrentConfiguration(0, new RouterConfig());
            if ((before.Failure ?? Obstacle(edit, state, before.Value!)) is { } failure)
            {
                return failure;
            }

            var (saved, isLate) = await TrySaveAsync(edit, state, before.Value!, cancellationToken);
            if (!isLate || edit.ExpectedVersion is not null || tries == MostTries)
            {
                return saved;
            }
        }
    }

    /// <summary>Takes an earlier document back, but for the client keys that it declares: what was revoked stays revoked (R3).</summary>
    public async Task<Outcome<ConfigurationSaved>> RollbackAsync(
        RollbackRequest request, long? expectedVersion, AdminIdentity by, CancellationToken cancellationToken)
    {
        var earlier = await ReadAsync(request.Version, cancellationToken);
        return earlier.Failure is { } failure
            ? failure
            : await SaveAsync(
                new ConfigurationEdit(by, current => earlier.Value!.Config with { Keys = current.Keys })
                {
                    Comment = request.Comment ?? $"back to version {request.Version}",
                    ExpectedVersion = expectedVersion,
                    IsWhole = true,
                    CredentialsFrom = earlier.Value!.Config,
                },
                cancellationToken);
    }

    private async Task<(Outcome<ConfigurationSaved> Saved, bool IsLate)> TrySaveAsync(
        ConfigurationEdit edit, ConfigurationState state, CurrentConfiguration before, CancellationToken cancellationToken)
    {
        var asked = edit.Change(before.Config);
        if (asked.Failure is { } failure)
        {
            return (failure, false);
        }

        if (edit.By.Role < AdminRole.Admin && StoredCredentials.Changes(before.Config, asked.Value!) is { Count: > 0 } credentials)
        {
            return (OnlyForAdmins(edit.By, credentials), false);
        }

        var (config, found) = checks.Prepare(asked.Value!, edit.CredentialsFrom ?? before.Config);
        if (found.Problems.Count > 0)
        {
            return (ManagementFailure.Invalid(found.Problems), false);
        }

        var json = ConfigurationJson.Write(config);
        // To a store that was set back the same document is news: it says that this is what routers are to serve.
        if (state is { Document: { } current, IsLost: false } && json == ConfigurationJson.Write(before.Config))
        {
            return (new ConfigurationSaved(current.Version, false) { Warnings = found.Warnings, Config = config }, false);
        }

        var differences = StoredDocuments.Differences(state.Document is null ? null : before.Config, config);
        if (!state.IsLost && await locks.TouchedByAsync(differences, cancellationToken) is { Count: > 0 } locked)
        {
            return (new ManagementFailure(
                FailureKind.ReadOnly, "Routers' environments set what would change: what is saved there would count for nothing.")
            {
                Errors = locked,
            }, false);
        }

        var save = new ConfigurationSave(json, edit.By.Name, edit.Comment, differences) { Above = state.HighestServed };
        var outcome = await store.SaveAsync(save, before.Version, cancellationToken);
        return outcome.Result switch
        {
            SaveResult.Saved => (new ConfigurationSaved(outcome.Version, true)
            {
                Differences = differences,
                Warnings = found.Warnings,
                Config = config,
            }, false),
            SaveResult.Ruled => (WritingObstacles.Ruled(outcome.Ruler!), false),
            _ => (VersionConflict(outcome.Version), true),
        };
    }

    private static ManagementFailure? Obstacle(ConfigurationEdit edit, ConfigurationState state, CurrentConfiguration current)
    {
        if (WritingObstacles.ReadOnly(state, current.Config) is { } readOnly)
        {
            return readOnly;
        }

        if (edit.ExpectedVersion is { } expected && expected != current.Version)
        {
            return VersionConflict(current.Version);
        }

        return state.IsLost && !(edit.IsWhole && edit.By.Role == AdminRole.Admin) ? WritingObstacles.Nothing(state) : null;
    }

    private static ManagementFailure VersionConflict(long version) => new(
        FailureKind.Conflict, $"The configuration has version {version} now: read it again, and make the change there.")
    {
        CurrentVersion = ETags.Of(version),
    };

    private static ManagementFailure OnlyForAdmins(AdminIdentity by, IReadOnlyList<string> paths) => new(
        FailureKind.Forbidden,
        $"The admin key \"{by.Name}\" has the role {by.Role.ToString().ToLowerInvariant()}: giving, changing or moving credentials of " +
        "backends needs the role admin.")
    {
        Errors = [.. paths.Select(static p => new ConfigurationProblem(p, "needs the role admin", null))],
    };

}
