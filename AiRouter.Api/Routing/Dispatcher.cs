using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Routing.Targets;

namespace AiRouter.Api.Routing;

/// <summary>Chooses a target and has its backend answer.</summary>
internal sealed class Dispatcher(TimeProvider time)
{
    /// <summary>Null when the exchange was answered, else why not.</summary>
    public async ValueTask<ApiError?> DispatchAsync(Exchange exchange)
    {
        var route = exchange.State.Routes[exchange.Model!.Model.Name];
        if (exchange.PinnedBackend is { } pinned && !route.Targets.Any(t => t.Model.Backend.Name == pinned))
        {
            return new ApiError(
                ErrorCause.ObjectNotFound, "An object that the request refers to is not kept where its model is served.");
        }

        if (TargetSelector.TryBegin(exchange, route, []) is { } attempt)
        {
            using (attempt)
            {
                return await AttemptAsync(exchange, attempt.Target);
            }
        }

        var why = TargetSelector.WhyNobody(exchange, route);
        return new ApiError(
            why.IsFull ? ErrorCause.BackendOverloaded : ErrorCause.BackendUnavailable, "No backend of the model can be asked now.")
        {
            RetryAfter = why.RetryIn,
        };
    }

    private async ValueTask<ApiError?> AttemptAsync(Exchange exchange, RoutedTarget target)
    {
        exchange.Backend = target.Model.Backend.Name;
        exchange.Attempts++;
        var started = time.GetTimestamp();
        var load = exchange.Load = target.State.Load.Begin(exchange.Facts.Stream);
        var answered = false;
        try
        {
            var error = await target.Backend.Backend.SendAsync(exchange, target.Model, exchange.Aborted);
            answered = error is null;
            return error;
        }
        finally
        {
            load.End(answered);
            exchange.BackendTime += time.GetElapsedTime(started);
        }
    }
}
