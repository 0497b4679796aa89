using AiRouter.Api.Queueing;
using AiRouter.Api.Routing.Failover;
using AiRouter.Api.Routing.Policies;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing.Targets;

/// <summary>What is live about a model beside its targets; it survives reloads.</summary>
internal sealed class ModelState
{
    private ModelState(ITargetPolicy policy, ModelQueue queue, RetryBudget retries)
    {
        Policy = policy;
        Queue = queue;
        Retries = retries;
    }

    /// <summary>Chooses among targets.</summary>
    public ITargetPolicy Policy { get; }

    /// <summary>Who is served and who waits, one for as long as the model has its name.</summary>
    public ModelQueue Queue { get; }

    /// <summary>How many of its requests may be tried again, one for as long as the model has its name.</summary>
    public RetryBudget Retries { get; }

    /// <summary>The state of a model: the one before, as far as what it hangs on is unchanged.</summary>
    public static ModelState For(RoutedModel model, ModelRoute? before, RouteServices services)
    {
        var queue = before?.State.Queue ?? new ModelQueue(services.Time);
        queue.Configure(model.Config.Queue);
        var keepsPolicy = before?.Model.Config is { } old && old.Policy == model.Config.Policy &&
            old.Sticky == model.Config.Sticky && old.Prefix == model.Config.Prefix;
        return new ModelState(
            keepsPolicy ? before!.State.Policy : PolicyTable.Create(model.Config, services.Random), queue,
            before?.State.Retries ?? new RetryBudget(services.Time));
    }
}
