using System.Diagnostics;
using AiRouter.Api.Routing.Targets;

namespace AiRouter.Api.Routing.Policies;

/// <summary>By chance, in proportion to the weights.</summary>
internal static class WeightedDraw
{
    /// <summary>The place of one of them.</summary>
    /// <param name="candidates">At least one beside <paramref name="except"/>.</param>
    /// <param name="random">Chance.</param>
    /// <param name="except">The place of one that is not drawn; -1: all are in the draw.</param>
    public static int One(ReadOnlySpan<RoutedTarget> candidates, Random random, int except = -1)
    {
        var total = except < 0 ? 0 : -candidates[except].Model.Config.Weight;
        foreach (var candidate in candidates)
        {
            total += candidate.Model.Config.Weight;
        }

        var pick = random.Next(total);
        for (var i = 0; i < candidates.Length; i++)
        {
            if (i == except)
            {
                continue;
            }

            pick -= candidates[i].Model.Config.Weight;
            if (pick < 0)
            {
                return i;
            }
        }

        throw new UnreachableException("The weights add up to more than was drawn from.");
    }

    /// <summary>Two different ones, the one drawn first first.</summary>
    /// <param name="candidates">At least two.</param>
    /// <param name="random">Chance.</param>
    public static (RoutedTarget First, RoutedTarget Second) Two(ReadOnlySpan<RoutedTarget> candidates, Random random)
    {
        var first = One(candidates, random);
        return (candidates[first], candidates[One(candidates, random, except: first)]);
    }
}
