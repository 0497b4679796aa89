using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing.Policies;

/// <summary>Which policy stands behind each name of the configuration.</summary>
internal static class PolicyTable
{
    /// <summary>The policy that a model is configured for.</summary>
    public static ITargetPolicy Create(ModelConfig model, Random random) => model.Policy switch
    {
        _ => new WeightedPolicy(random),
    };
}
