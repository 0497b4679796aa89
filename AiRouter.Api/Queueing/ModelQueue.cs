using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Queueing;

/// <summary>
/// Who of a model's requests is served and who waits, in this replica (R37). Waiting requests hold nothing: neither a reservation nor a
/// connection.
/// </summary>
internal sealed class ModelQueue(TimeProvider time)
{
    private volatile QueueConfig? _config;
    private int _running;

    /// <summary>Takes over new limits; who is served and who waits stays.</summary>
    public void Configure(QueueConfig? config) => _config = config;

    /// <summary>
    /// Gives the request a place, after waiting if need be: <see cref="Exchange.Place"/>, which the end of the request gives back. An
    /// error: the queue is full, it took too long, or the client has gone.
    /// </summary>
    public ValueTask<ApiError?> EnterAsync(Exchange exchange)
    {
        var started = time.GetTimestamp();
        var running = Interlocked.Increment(ref _running);
        if (running > _config?.ConcurrentPerReplica)
        {
            Leave();
            return ValueTask.FromResult<ApiError?>(new ApiError(ErrorCause.ConcurrencyExceeded, "The model has too much to do."));
        }

        exchange.Place = new QueuePlace(this);
        exchange.QueueTime += time.GetElapsedTime(started);
        return ValueTask.FromResult<ApiError?>(null);
    }

    /// <summary>A place is given back.</summary>
    internal void Leave() => Interlocked.Decrement(ref _running);
}
