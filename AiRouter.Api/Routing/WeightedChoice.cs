using System.Collections.Immutable;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing;

/// <summary>One target by chance, in proportion to the weights.</summary>
internal static class WeightedChoice
{
    /// <summary>Chooses; targets of weight 0 are never chosen (validation sees to it that one is above).</summary>
    public static TargetModel Choose(ImmutableArray<TargetModel> targets, Random random)
    {
        if (targets.Length == 1)
        {
            return targets[0];
        }

        var total = 0;
        foreach (var target in targets)
        {
            total += target.Config.Weight;
        }

        var pick = random.Next(total);
        foreach (var target in targets)
        {
            pick -= target.Config.Weight;
            if (pick < 0)
            {
                return target;
            }
        }

        return targets[^1];
    }
}
