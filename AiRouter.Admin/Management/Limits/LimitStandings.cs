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
            .Where(s => s.Subject.HasLimits && (keyId is null || s.KeyId == keyId) && (model is null || s.Model == model))
            .Take(Most);
        var views = new List<LimitView>();
        foreach (var chunk in wanted.Chunk(Chunk))
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

        var all = records.Select(static r => (r.Id, r.Name, Terms: (KeyTerms)r))
            .Concat(config.Keys.Select(static k => (KeyMapping.IdOf(k), k.Name, Terms: (KeyTerms)k)));
        foreach (var (id, name, terms) in all)
        {
            yield return new Limited(new LimitSubject($"key:{id}", terms.Limits, terms.Budget), id, name, null);
            foreach (var (pattern, own) in terms.ModelLimits)
            {
                yield return new Limited(new LimitSubject($"key:{id} model:{pattern}", own, own.Budget), id, name, pattern);
            }
        }
    }

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
