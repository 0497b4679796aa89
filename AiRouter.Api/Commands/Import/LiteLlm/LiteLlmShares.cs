using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.LiteLlm;

/// <summary>Which deployments of a model are asked first, and how often each, by LiteLLM's own rules.</summary>
internal static class LiteLlmShares
{
    /// <summary>Group and weight of each deployment.</summary>
    /// <param name="deployments">At least one, in the order of the file.</param>
    /// <param name="policy">How one is chosen.</param>
    public static IReadOnlyList<(int Priority, int Weight)> Of(IReadOnlyList<LiteLlmDeployment> deployments, TargetPolicy policy)
    {
        var parts = new (int Priority, int Weight)[deployments.Count];
        var priority = 0;

        // The lowest order goes first; whoever has none is asked when nobody is left that has one.
        var groups = Enumerable.Range(0, deployments.Count).GroupBy(i => deployments[i].Order ?? long.MaxValue);
        foreach (var places in groups.OrderBy(static g => g.Key).Select(static g => g.ToList()))
        {
            var shares = SharesOf([.. places.Select(i => deployments[i])], policy);
            var ranks = places.Zip(shares).GroupBy(static p => p.Second is null);
            foreach (var rank in ranks.OrderBy(static g => g.Key).Select(static g => g.ToList()))
            {
                var weights = ImportedTerms.Weights([.. rank.Select(static p => p.Second ?? 1)]);
                for (var i = 0; i < rank.Count; i++)
                {
                    parts[rank[i].First] = (priority, weights[i]);
                }

                priority++;
            }
        }

        return parts;
    }

    // Weights, else the rates that deployments can take. What the first has not is looked at in none. Null: none while others have one.
    private static List<decimal?> SharesOf(List<LiteLlmDeployment> deployments, TargetPolicy policy)
    {
        var first = deployments[0];
        var (name, share) =
            first.Weight is not null ? ("weight", static d => d.Weight)
            : first.RequestsPerMinute is not null ? ("rpm", static d => d.RequestsPerMinute)
            : first.TokensPerMinute is not null ? ("tpm", static d => d.TokensPerMinute)
            : ((string?)null, (Func<LiteLlmDeployment, decimal?>)(static _ => 1));
        var others = deployments.Where(d => share(d) is null).ToList();
        foreach (var entry in deployments.Where(d => d.Weight is not null && first.Weight is null).Select(static d => d.Entry))
        {
            entry.Notes.Add(entry, "weight does not count, as in LiteLLM, because the first deployment of the model has none");
        }

        if (others.Count > 0 && policy != TargetPolicy.Weighted)
        {
            first.Entry.Notes.Add(first.Entry, $"{name} does not count, because not all deployments of the model have it");
            return [.. deployments.Select(static _ => (decimal?)1)];
        }

        foreach (var entry in others.Select(static d => d.Entry))
        {
            entry.Notes.Add(
                entry, $"it is asked when no other can answer, as in LiteLLM, because it has no {name} and the model's first deployment " +
                "has");
        }

        return [.. deployments.Select(share)];
    }
}
