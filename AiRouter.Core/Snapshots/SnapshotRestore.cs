using System.Globalization;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Core.Stores;

namespace AiRouter.Core.Snapshots;

/// <summary>
/// Puts a router's own copy into a store that has lost what it had (R36): only where an operator says so, and never over a document
/// that is there.
/// </summary>
public sealed class SnapshotRestore(
    StoreSnapshot snapshot, IConfigurationStore configurations, IKeyStore keys, TimeProvider time)
{
    /// <summary>Who the history says it was.</summary>
    public const string Author = "restore";

    /// <summary>Puts it back; gives one line for people for each thing that was or was not done.</summary>
    /// <exception cref="StoreUnavailableException">The store is away. What was done is done; it can be tried again.</exception>
    public async ValueTask<RestoreOutcome> RestoreAsync(CancellationToken cancellationToken)
    {
        if (snapshot is { Configuration: null, Keys: null })
        {
            return new RestoreOutcome(false, ["There is no copy to restore from."]);
        }

        List<string> told = [];
        var isDone = snapshot.Configuration is not { } copy || await RestoreAsync(copy, told, cancellationToken);
        if (snapshot.Keys is { } known)
        {
            await RestoreAsync(known, told, cancellationToken);
        }

        return new RestoreOutcome(isDone, told);
    }

    private async ValueTask<bool> RestoreAsync(StoredConfiguration copy, List<string> told, CancellationToken cancellationToken)
    {
        var state = await configurations.ReadStateAsync(null, cancellationToken);
        if (state.Document is { } document)
        {
            told.Add($"The store has a configuration (version {document.Version}, by {document.By}): it is left as it is.");
            return document.Json == copy.Json;
        }

        var comment = string.Create(
            CultureInfo.InvariantCulture,
            $"version {copy.Version} of {copy.At:u}, from a router's own copy of {snapshot.ConfigurationConfirmed:u}");
        var save = new ConfigurationSave(copy.Json, Author, comment, ConfigurationDiff.Between(null, copy.Json)) { Above = copy.Version };
        var outcome = await configurations.SaveAsync(save, 0, cancellationToken);
        told.Add(outcome.Result switch
        {
            SaveResult.Saved => $"The configuration is back: {comment}, is version {outcome.Version} now.",
            SaveResult.Ruled => $"The configuration was not put back: {outcome.Ruler}.",
            _ => $"The configuration was not put back: somebody else saved version {outcome.Version} meanwhile.",
        });
        return outcome.IsSaved;
    }

    // Revocations first: what was revoked must not work for a moment either (R3).
    private async ValueTask RestoreAsync(KeySnapshot copy, List<string> told, CancellationToken cancellationToken)
    {
        var by = new Change(time.GetUtcNow(), Author);
        var there = await keys.ReadAsync(null, cancellationToken);
        var revoked = copy.Revoked.Where(r => r.Value <= by.At && !there.Revoked.ContainsKey(r.Key)).Select(r => r.Key).ToList();
        await keys.RevokeHashesAsync(revoked, by, cancellationToken);
        var restored = 0;
        // A key that was made after the loss must not keep those of before from coming back.
        var known = copy.Records.Concat(copy.Lost?.Records ?? []).DistinctBy(static r => r.Id).ToList();
        foreach (var record in known.Where(r => there.Records.All(t => t.Id != r.Id)))
        {
            var change = await keys.CreateAsync(record with { Updated = by }, cancellationToken);
            if (change.Outcome == KeyChangeOutcome.Done)
            {
                restored++;
            }
            else
            {
                told.Add($"The key \"{record.Name}\" was not put back: {change.Outcome}.");
            }
        }

        told.Add($"Keys: {restored} of {known.Count} put back, {revoked.Count} revocations too.");
    }
}

/// <summary>What came of a restore.</summary>
/// <param name="IsDone">Whether the store has the copy's configuration now.</param>
/// <param name="Told">What was and was not done, for people.</param>
public sealed record RestoreOutcome(bool IsDone, IReadOnlyList<string> Told);
