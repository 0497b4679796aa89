using AiRouter.Api.Draining;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Queueing;

/// <summary>The queues of all models, as a request meets them.</summary>
internal sealed class ModelQueues(QueueMetrics metrics, Drain drain)
{
    /// <summary>
    /// A place in the queue of <see cref="Exchange.Model"/>, after waiting if need be; one that the request has in
    /// another queue is given back first. Null: it has it, or the model has no queue.
    /// </summary>
    public ValueTask<ApiError?> EnterAsync(Exchange exchange)
    {
        exchange.LeaveQueue();
        var queue = exchange.State.Routes[exchange.Model!.Model.Name].State.Queue;
        var entering = queue.EnterAsync(exchange, drain.Begun);
        if (!queue.IsLimited)
        {
            return entering;
        }

        if (!entering.IsCompletedSuccessfully)
        {
            return WaitAsync(exchange, entering);
        }

        // A request that finds a place has waited for nothing.
        var error = entering.Result;
        metrics.Entered(exchange, TimeSpan.Zero, error);
        return ValueTask.FromResult(error);
    }

    private async ValueTask<ApiError?> WaitAsync(Exchange exchange, ValueTask<ApiError?> entering)
    {
        var before = exchange.QueueTime;
        var error = await entering;
        metrics.Entered(exchange, exchange.QueueTime - before, error);
        return error;
    }
}
