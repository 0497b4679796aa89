using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Routing;

/// <summary>Chooses a target and has its backend answer.</summary>
internal sealed class Dispatcher(Random random, TimeProvider time)
{
    /// <summary>Null when the exchange was answered, else why not.</summary>
    public async ValueTask<ApiError?> DispatchAsync(Exchange exchange)
    {
        var targets = exchange.Model!.Model.Targets;
        if (exchange.PinnedBackend is { } pinned)
        {
            targets = [.. targets.Where(t => t.Backend.Name == pinned)];
            if (targets.IsEmpty)
            {
                return new ApiError(
                    ErrorCause.ObjectNotFound, "An object that the request refers to is not kept where its model is served.");
            }
        }

        var target = WeightedChoice.Choose(targets, random);
        var backend = exchange.State.Backends[target.Backend.Name].Backend;
        exchange.Backend = target.Backend.Name;
        var started = time.GetTimestamp();
        try
        {
            return await backend.SendAsync(exchange, target, exchange.Aborted);
        }
        finally
        {
            exchange.BackendTime += time.GetElapsedTime(started);
        }
    }
}
