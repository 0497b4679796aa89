using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;
using AiRouter.Core.Metering;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Management.Models;

/// <summary>All models with what is known of them: how their targets stand, and what was asked of them in the last 24 hours.</summary>
internal sealed class ModelOverview(
    ConfigurationEditor editor, IReplicaDirectory replicas, IUsageStore usage, TimeProvider time)
{
    /// <summary>The models, by name.</summary>
    public async Task<Outcome<ModelTable>> ReadAsync(CancellationToken cancellationToken)
    {
        var current = await editor.ReadAsync(cancellationToken);
        if (current.Failure is { } failure)
        {
            return failure;
        }

        var now = time.GetUtcNow();
        var used = await usage.QueryAsync(
            new UsageQuery(now.AddDays(-1), now, null, [UsageDimension.Model]), cancellationToken);
        var reports = await replicas.ReadAsync(cancellationToken);
        return new ModelTable(Rows(current.Value!.Config, reports, used), current.Value.WhyReadOnly);
    }

    /// <summary>The rows, by name.</summary>
    internal static IReadOnlyList<ModelRow> Rows(
        RouterConfig config, IReadOnlyList<ReplicaReport> replicas, IReadOnlyList<UsageRow> used)
    {
        var reports = replicas.SelectMany(static r => r.Targets).ToLookup(static t => t.Model, StringComparer.Ordinal);
        var usage = used.Where(static u => u.Model is not null).ToLookup(static u => u.Model!, StringComparer.Ordinal);
        var defaults = config.Defaults.ByKey().Where(static d => d.Model is not null)
            .SelectMany(static d => d.Operations.Select(o => (d.Model, Operation: o)))
            .ToLookup(static d => d.Model!, static d => d.Operation, StringComparer.Ordinal);
        return
        [
            .. config.Models.OrderBy(static m => m.Key, StringComparer.Ordinal).Select(m => new ModelRow(m.Key, m.Value)
            {
                DefaultFor = [.. defaults[m.Key]],
                Targets = TargetHealth.Of(m.Value, [.. reports[m.Key]]),
                Requests = usage[m.Key].Sum(static u => u.Requests.Values.Sum()),
                Failed = usage[m.Key].Sum(static u => u.Requests.GetValueOrDefault(UsageOutcomes.BackendError)),
                Tokens = usage[m.Key].Sum(static u => u.InputTokens + u.OutputTokens),
            }),
        ];
    }
}

/// <summary>The table of models.</summary>
/// <param name="Rows">By name.</param>
/// <param name="WhyReadOnly">Why nothing can be changed here (R35); null: it can.</param>
internal sealed record ModelTable(IReadOnlyList<ModelRow> Rows, string? WhyReadOnly);
