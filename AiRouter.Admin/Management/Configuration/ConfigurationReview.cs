using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Administration;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Secrets;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Management.Configuration;

/// <summary>
/// Shows what is stored, what a change would do and what changes did, credentials left out. It only reads; changes are made by
/// <see cref="ConfigurationEditor"/>.
/// </summary>
internal sealed class ConfigurationReview(
    IConfigurationStore store, ConfigurationEditor editor, ConfigurationChecks checks, FieldLocks locks)
{
    /// <summary>The document, who saved it when, and what keeps people from changing it.</summary>
    public async Task<Outcome<ConfigurationStanding>> StandingAsync(CancellationToken cancellationToken)
    {
        var state = await store.ReadStateAsync(null, cancellationToken);
        var read = state.Document is { } document
            ? StoredDocuments.Read(document)
            : new CurrentConfiguration(0, new RouterConfig());
        return read.Failure is { } failure
            ? failure
            : new ConfigurationStanding(read.Value!.Version, read.Value.Config)
            {
                By = state.Document?.By,
                At = state.Document?.At,
                ReadOnly = WritingObstacles.ReadOnly(state, read.Value.Config),
                Missing = state.Document is null || state.IsLost ? WritingObstacles.Nothing(state) : null,
                Locks = await locks.ReadAsync(cancellationToken),
            };
    }

    /// <summary>What is wrong with a document, and what saving it would change: everything that a save would refuse, told before.</summary>
    /// <param name="written">The document as somebody wrote it.</param>
    /// <param name="by">Who wants to save it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<DocumentReview>> ReviewAsync(
        WrittenConfiguration written, AdminIdentity by, CancellationToken cancellationToken)
    {
        var read = await StandingAsync(cancellationToken);
        if (read.Failure is { } failure)
        {
            return failure;
        }

        var standing = read.Value!;
        if (written.Readable is not { } asked)
        {
            return new DocumentReview(standing) { Problems = written.Problems };
        }

        var stored = standing.IsStored ? standing.Config : null;
        var (config, found) = checks.Prepare(asked, stored);
        var differences = StoredDocuments.Differences(stored, config);
        var problems = written.Problems
            .Concat(written.Locate([.. found.Problems, .. Forbidden(by, stored, asked), .. await LockedAsync(differences, cancellationToken)]))
            .DistinctBy(static p => (p.Path, p.Message))
            .OrderBy(static p => p.Place?.Line ?? 0).ThenBy(static p => p.Place?.Column ?? 0);
        return new DocumentReview(standing)
        {
            Problems = [.. problems],
            Warnings = found.Warnings,
            Differences = differences,
            Change = TextChange.Of(stored, asked),
        };
    }

    /// <summary>What a version of the history changed.</summary>
    public async Task<Outcome<TextChange>> ChangeOfAsync(long version, CancellationToken cancellationToken)
    {
        var after = await editor.ReadAsync(version, cancellationToken);
        if (after.Failure is { } failure)
        {
            return failure;
        }

        var history = await editor.HistoryAsync(cancellationToken);
        var earlier = history.FirstOrDefault(h => h.Version < version)?.Version;
        var before = earlier is { } number ? (await editor.ReadAsync(number, cancellationToken)).Value?.Config : null;
        return TextChange.Of(before, after.Value!.Config) with { IsWhole = earlier is null && version > 1 };
    }

    /// <summary>What taking an earlier version back would change, and what stands in its way.</summary>
    public async Task<Outcome<DocumentReview>> ReviewRollbackAsync(long version, CancellationToken cancellationToken)
    {
        var (read, earlier) = (await StandingAsync(cancellationToken), await editor.ReadAsync(version, cancellationToken));
        if ((read.Failure ?? earlier.Failure) is { } failure)
        {
            return failure;
        }

        var standing = read.Value!;
        var asked = earlier.Value!.Config with { Keys = standing.Config.Keys };
        var found = checks.Prepare(asked, earlier.Value.Config).Checked;
        var differences = StoredDocuments.Differences(standing.Config, asked);
        return new DocumentReview(standing)
        {
            Problems = [.. found.Problems, .. await LockedAsync(differences, cancellationToken)],
            Warnings = found.Warnings,
            Differences = differences,
            Change = TextChange.Of(standing.Config, asked),
        };
    }

    private static IEnumerable<ConfigurationProblem> Forbidden(AdminIdentity by, RouterConfig? stored, RouterConfig asked) =>
        by.Role >= AdminRole.Admin ? [] : StoredCredentials.Changes(stored, asked).Select(path => new ConfigurationProblem(
            path,
            $"giving, changing or moving a credential needs the role admin; \"{by.Name}\" has {by.Role.ToString().ToLowerInvariant()}",
            null));

    private Task<IReadOnlyList<ConfigurationProblem>> LockedAsync(
        IReadOnlyList<ConfigurationDifference> differences, CancellationToken cancellationToken) =>
        locks.TouchedByAsync(differences, cancellationToken);
}
