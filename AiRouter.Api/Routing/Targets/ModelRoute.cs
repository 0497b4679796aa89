using System.Collections.Frozen;
using System.Collections.Immutable;
using AiRouter.Api.Backends;
using AiRouter.Api.Health;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing.Targets;

/// <summary>A model of one configuration, with what is live about it.</summary>
/// <param name="Model">As configured.</param>
/// <param name="Targets">In the order of the configuration.</param>
/// <param name="State">What survives a reload.</param>
internal sealed record ModelRoute(RoutedModel Model, ImmutableArray<RoutedTarget> Targets, ModelState State)
{
    /// <summary>All models of a configuration. What did not change keeps its live state.</summary>
    public static FrozenDictionary<string, ModelRoute> BuildAll(
        RouterModel model, FrozenDictionary<string, BackendState> backends, RouterState? replaced, RouteServices services) =>
        model.Models.All.ToFrozenDictionary(
            m => m.Name,
            m =>
            {
                var before = replaced?.Routes.GetValueOrDefault(m.Name);
                return new ModelRoute(m, BuildTargets(m, backends, before, services), ModelState.For(m, before, services));
            },
            StringComparer.Ordinal);

    private static ImmutableArray<RoutedTarget> BuildTargets(
        RoutedModel model, FrozenDictionary<string, BackendState> backends, ModelRoute? before, RouteServices services)
    {
        List<RoutedTarget> unused = [.. before?.Targets ?? []];
        var targets = ImmutableArray.CreateBuilder<RoutedTarget>(model.Targets.Length);
        foreach (var target in model.Targets)
        {
            var same = unused.Find(u =>
                ReferenceEquals(u.Model.Backend, target.Backend) && u.Model.Config.Model == target.Config.Model);
            if (same is not null)
            {
                unused.Remove(same);
            }

            var state = same?.State ?? new TargetState(
                new TargetHealth(target.Backend.Config.Breaker, services.Time, services.Random, Tell(model, target, services)),
                new TargetLoad(services.Time));
            targets.Add(new RoutedTarget(target, backends[target.Backend.Name], state));
        }

        return targets.MoveToImmutable();
    }

    private static Action<HealthChange>? Tell(RoutedModel model, TargetModel target, RouteServices services) =>
        services.Notices is { } notices ? change => notices.Changed(model.Name, target.Backend.Name, change) : null;
}
