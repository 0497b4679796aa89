using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Keys;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Core.Limits;

namespace AiRouter.Admin.Management.Limits;

/// <summary>Every limit that is configured, and how it stands.</summary>
internal sealed class LimitStandings(ConfigurationEditor editor, IKeyStore keys, ILimitLedger ledger)
{
    /// <summary>The most limits of one answer.</summary>
    public const int Most = 1000;

    // As many as one script reads quickly.
    private const int Chunk = 100;

    private const decimal NanoPerUsd = 1_000_000_000m;

    /// <summary>The standings, of one key or one model only where that is asked.</summary>
    public async Task<IReadOnlyList<LimitView>> ReadAsync(string? keyId, string? model, CancellationToken cancellationToken)
    {
        var config = (await editor.ReadAsync(cancellationToken)).Value?.Config ?? new RouterConfig();
        var stored = await keys.ReadAsync(null, cancellationToken);
        var wanted = Subjects(config, stored.Records)
            .Where(s => (keyId is null || s.KeyId == keyId) && (model is null || s.Model == model));
        return await StandAsync(wanted, cancellationToken);
    }

    /// <summary>The standings of one key: over all models, then for single models.</summary>
    public Task<IReadOnlyList<LimitView>> OfKeyAsync(KeyView key, CancellationToken cancellationToken) =>
        StandAsync(OfKey(key.Id, key.Name, key), cancellationToken);

    /// <summary>The standings of some keys over all models; keys without limits are left out.</summary>
    public Task<IReadOnlyList<LimitView>> OfKeysAsync(IEnumerable<KeyView> keys, CancellationToken cancellationToken) =>
        StandAsync(keys.Select(static k => OfKey(k.Id, k.Name, k).First()), cancellationToken);

    private async Task<IReadOnlyList<LimitView>> StandAsync(IEnumerable<Limited> wanted, CancellationToken cancellationToken)
    {
        var views = new List<LimitView>();
        foreach (var chunk in wanted.Where(static s => s.Subject.HasLimits).Take(Most).Chunk(Chunk))
        {
            var standings = await ledger.ReadAsync([.. chunk.Select(static s => s.Subject)], cancellationToken);
            views.AddRange(chunk.Zip(standings, View));
        }

        return views;
    }

    private static IEnumerable<Limited> Subjects(RouterConfig config, IReadOnlyList<KeyRecord> records)
    {
        yield return new Limited(new LimitSubject("global", config.Limits, config.Limits.Budget), null, null, null);
        foreach (var (name, model) in config.Models)
        {
            yield return new Limited(new LimitSubject($"model:{name}", model.Limits, model.Budget), null, null, name);
        }

        var ofKeys = records.SelectMany(static r => OfKey(r.Id, r.Name, r))
            .Concat(config.Keys.SelectMany(static k => OfKey(KeyMapping.IdOf(k), k.Name, k)));
        foreach (var limited in ofKeys)
        {
            yield return limited;
        }
    }

    private static IEnumerable<Limited> OfKey(string id, string name, KeyTerms terms) =>
        terms.ModelLimits
            .Select(m => new Limited(new LimitSubject($"key:{id} model:{m.Key}", m.Value, m.Value.Budget), id, name, m.Key))
            .Prepend(new Limited(new LimitSubject($"key:{id}", terms.Limits, terms.Budget), id, name, null));

    private static LimitView View(Limited limited, LimitStanding standing) => new()
    {
        Subject = limited.Subject.Id,
        Key = limited.KeyId,
        KeyName = limited.KeyName,
        Model = limited.Model,
        Limits = new LimitsConfig
        {
            RequestsPerMinute = limited.Subject.Limits.RequestsPerMinute,
            TokensPerMinute = limited.Subject.Limits.TokensPerMinute,
            Concurrent = limited.Subject.Limits.Concurrent,
        },
        Budget = limited.Subject.Budget,
        Used = new LimitUse(
            standing.Requests,
            standing.RequestsReset.TotalSeconds,
            standing.Tokens,
            standing.TokensReset.TotalSeconds,
            standing.Concurrent,
            standing.SpentNanoUsd / NanoPerUsd,
            standing.ReservedNanoUsd / NanoPerUsd,
            standing.UnsettledNanoUsd / NanoPerUsd),
    };

    private sealed record Limited(LimitSubject Subject, string? KeyId, string? KeyName, string? Model);
}
