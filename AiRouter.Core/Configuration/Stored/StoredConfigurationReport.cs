using AiRouter.Core.Configuration.Loading;
using AiRouter.Core.Health;
using AiRouter.Core.Stores;
using AiRouter.Core.Stores.Replicas;

namespace AiRouter.Core.Configuration.Stored;

/// <summary>What operators are told of a configuration that comes from the store.</summary>
internal sealed class StoredConfigurationReport(IStore store, IStoreDocument document, LiveRouterConfiguration live)
    : IHealthSource, IReplicaReportSource
{
    // A report goes out every second.
    private const int MostProblems = 20;

    public IEnumerable<HealthDetail> Details
    {
        get
        {
            yield return new HealthDetail("store", store.IsAvailable, store.Problem);
            yield return document.Detail;
            if (live.Problems is { Count: > 0 } problems)
            {
                var more = problems.Count > 1 ? $" (and {problems.Count - 1} more)" : "";
                yield return new HealthDetail("newest configuration", false, $"refused here: {problems[0]}{more}");
            }
        }
    }

    public ReplicaReport AddTo(ReplicaReport report) => report with
    {
        ConfigurationVersion = document.ServedVersion,
        ConfigurationHash = live.Current?.Version,
        Problems = [.. live.Problems.Take(MostProblems).Select(static problem => problem.ToString())],
        Locks = live.Locks,
    };
}
