using AiRouter.Api.Routing.Targets;

namespace AiRouter.Api.Routing.Policies;

/// <summary>What a target would have to do with one more request, for its weight.</summary>
internal static class RelativeLoad
{
    /// <summary>Compared with what <see cref="Of(RoutedTarget, double, double)"/> says of the other one.</summary>
    /// <param name="target">The target.</param>
    /// <param name="busy">What it has to do.</param>
    /// <param name="otherBusy">
    /// What the other one has to do. While neither has anything to do they are alike, and the draw decides, which goes by weight: else
    /// requests one after the other would all go to the heaviest target.
    /// </param>
    public static double Of(RoutedTarget target, double busy, double otherBusy) =>
        busy == 0 && otherBusy == 0 ? 1 : (busy + 1) / target.Model.Config.Weight;
}
