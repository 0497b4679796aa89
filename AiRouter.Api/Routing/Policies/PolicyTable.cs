using System.Collections.Frozen;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing.Policies;

/// <summary>Which policy stands behind each name of the configuration.</summary>
internal static class PolicyTable
{
    private static readonly FrozenDictionary<TargetPolicy, Func<ModelConfig, Random, ITargetPolicy>> Policies =
        new Dictionary<TargetPolicy, Func<ModelConfig, Random, ITargetPolicy>>
        {
            [TargetPolicy.Weighted] = (_, random) => new WeightedPolicy(random),
            [TargetPolicy.RoundRobin] = (_, _) => new RoundRobinPolicy(),
            [TargetPolicy.LeastBusy] = (_, random) => new LeastBusyPolicy(random),
            [TargetPolicy.Latency] = (_, random) => new LatencyPolicy(random),
            [TargetPolicy.Sticky] = (model, random) => new StickyPolicy(model.Sticky, random),
            [TargetPolicy.Prefix] = (model, random) => new PrefixPolicy(model.Prefix, random),
        }.ToFrozenDictionary();

    /// <summary>The policy that a model is configured for.</summary>
    public static ITargetPolicy Create(ModelConfig model, Random random) => Policies[model.Policy](model, random);
}
