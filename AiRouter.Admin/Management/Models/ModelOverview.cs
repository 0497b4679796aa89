using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.Management.Live;
using AiRouter.Core.Configuration;
using AiRouter.Core.Metering;

namespace AiRouter.Admin.Management.Models;

/// <summary>All models with what is known of them: how they are just now, and what was asked of them in the last 24 hours.</summary>
internal sealed class ModelOverview(
    ConfigurationReview documents, LiveFigures live, IUsageStore usage, TimeProvider time)
{
    /// <summary>The models, by name.</summary>
    public async Task<Outcome<ModelTable>> ReadAsync(CancellationToken cancellationToken)
    {
        var read = await documents.StandingAsync(cancellationToken);
        if (read.Failure is { } failure)
        {
            return failure;
        }

        var now = time.GetUtcNow();
        var used = await usage.QueryAsync(
            new UsageQuery(now.AddDays(-1), now, null, [UsageDimension.Model]), cancellationToken);
        var figures = await live.ReadAsync(cancellationToken);
        var standing = read.Value!;
        return new ModelTable(Rows(standing.Config, figures.Models, used), standing.Config.Backends.Count, standing.ReadOnly?.Detail);
    }

    /// <summary>The rows, by name.</summary>
    internal static IReadOnlyList<ModelRow> Rows(
        RouterConfig config, IReadOnlyList<LiveModel> live, IReadOnlyList<UsageRow> used)
    {
        var known = live.ToDictionary(static m => m.Name, StringComparer.Ordinal);
        var usage = used.Where(static u => u.Model is not null).ToLookup(static u => u.Model!, StringComparer.Ordinal);
        var defaults = config.Defaults.ByKey().Where(static d => d.Model is not null)
            .SelectMany(static d => d.Operations.Select(o => (d.Model, Operation: o)))
            .ToLookup(static d => d.Model!, static d => d.Operation, StringComparer.Ordinal);
        return
        [
            .. config.Models.OrderBy(static m => m.Key, StringComparer.Ordinal).Select(m => new ModelRow(m.Key, m.Value)
            {
                DefaultFor = [.. defaults[m.Key]],
                Live = known.GetValueOrDefault(m.Key),
                Requests = usage[m.Key].Sum(static u => u.Requests.Values.Sum()),
                Failed = usage[m.Key].Sum(static u => u.Requests.GetValueOrDefault(UsageOutcomes.BackendError)),
                Tokens = usage[m.Key].Sum(static u => u.InputTokens + u.OutputTokens),
            }),
        ];
    }
}

/// <summary>The table of models.</summary>
/// <param name="Rows">By name.</param>
/// <param name="Backends">How many backends there are: without one there can be no model.</param>
/// <param name="WhyReadOnly">Why nothing can be changed here (R35); null: it can.</param>
internal sealed record ModelTable(IReadOnlyList<ModelRow> Rows, int Backends, string? WhyReadOnly);
