using AiRouter.Api.Draining;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Queueing;

/// <summary>
/// Who of a model's requests is served and who waits, in this replica (R37). Waiting requests hold neither a
/// reservation nor a connection to a backend; the body that they hold stays counted by the budget of bodies. Nothing is
/// locked or allocated unless a request waits.
/// </summary>
internal sealed class ModelQueue
{
    /// <summary>A request rises from the lowest to the highest priority in half of the time that it may wait.</summary>
    private const int StepsOfWait = 2 * (KeyTerms.HighestPriority - KeyTerms.LowestPriority);

    private const long OneWaiting = 1L << 32;

    private readonly TimeProvider _time;
    private readonly QueuePace _pace;
    private readonly Lock _lock = new();
    private readonly WaitingLine _line = new();
    private readonly ITimer _expiry;
    private volatile QueueConfig? _config;
    private bool _isExpirySet;

    // Places that are taken in the low half, requests that wait in the high half: one word, so that a place that comes
    // free and a request that begins to wait never miss each other.
    private long _counts;

    /// <summary>A queue without limits, until <see cref="Configure"/>.</summary>
    public ModelQueue(TimeProvider time)
    {
        _time = time;
        _pace = new QueuePace(time);
        _expiry = time.CreateTimer(
            static queue => ((ModelQueue)queue!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether it has limits.</summary>
    public bool IsLimited => _config is not null;

    /// <summary>Places that are taken.</summary>
    public int Running => (int)(Volatile.Read(ref _counts) & uint.MaxValue);

    /// <summary>Requests that wait.</summary>
    public int Waiting => (int)(Volatile.Read(ref _counts) >> 32);

    private int Limit => _config?.ConcurrentPerReplica ?? int.MaxValue;

    /// <summary>
    /// Takes over new limits; who is served and who waits stays. More places are given at once, fewer as requests end;
    /// without limits nobody waits any more. A new longest wait holds for those who wait already too.
    /// </summary>
    public void Configure(QueueConfig? config)
    {
        lock (_lock)
        {
            if (_config == config)
            {
                return;
            }

            _config = config;
            _line.SetStep(config is null ? long.MaxValue : Math.Max(1, Ticks(config.MaxWait) / StepsOfWait), _time.GetTimestamp());
            GivePlaces();

            // A timer that was set for those who waited before may come later than the new longest wait of the next one.
            _isExpirySet = false;
            SetExpiry();
        }
    }

    /// <summary>
    /// Gives the request its places (<see cref="Exchange.Place"/>, which the end of the request gives back), after
    /// waiting if need be. An error: too many wait, it took too long, the client has gone, or the router stops.
    /// </summary>
    public ValueTask<ApiError?> EnterAsync(Exchange exchange, CancellationToken draining)
    {
        var places = PlacesOf(exchange);
        var now = _time.GetTimestamp();
        if (TryTake(places) is > 0 and var taken)
        {
            exchange.Place = new QueuePlace(this, taken, now);
            return ValueTask.FromResult<ApiError?>(null);
        }

        return WaitAsync(exchange, new Waiter(this, places, now), draining);
    }

    /// <summary>Places are given back.</summary>
    internal void Leave(QueuePlace place)
    {
        _pace.Free(place.Places, place.Since, _time.GetTimestamp());
        if (Interlocked.Add(ref _counts, -place.Places) >= OneWaiting)
        {
            lock (_lock)
            {
                GivePlaces();
            }
        }
    }

    /// <summary>Each choice is one place, whichever backend makes them (R13).</summary>
    private static int PlacesOf(Exchange exchange) =>
        exchange.Operation.Name is Operations.Chat or Operations.Completions ? Math.Max(1, exchange.Facts.N) : 1;

    /// <summary>
    /// Takes places if nobody waits and so many are free: as many as asked, of a smaller limit all. 0: not now.
    /// </summary>
    private int TryTake(int places)
    {
        while (true)
        {
            var counts = Volatile.Read(ref _counts);
            var limit = Limit;
            var taken = Math.Min(places, limit);
            if (counts + taken > limit)
            {
                return 0;
            }

            if (Interlocked.CompareExchange(ref _counts, counts + taken, counts) == counts)
            {
                if (counts == 0)
                {
                    _pace.Begin(_time.GetTimestamp());
                }

                return taken;
            }
        }
    }

    private async ValueTask<ApiError?> WaitAsync(Exchange exchange, Waiter waiter, CancellationToken draining)
    {
        if (BeginToWait(exchange, waiter) is { } refused)
        {
            return refused;
        }

        ApiError? error;
        await using (exchange.Aborted.UnsafeRegister(static w => GiveUp((Waiter)w!, DrainErrors.ClientGone), waiter))
        await using (draining.UnsafeRegister(static w => GiveUp((Waiter)w!, DrainErrors.Refused), waiter))
        {
            error = await waiter.Task;
        }

        var now = _time.GetTimestamp();
        exchange.QueueTime += _time.GetElapsedTime(waiter.Arrival, now);
        if (error is null)
        {
            exchange.Place = new QueuePlace(this, waiter.Granted, now);
        }

        return error;
    }

    /// <summary>
    /// Adds it to those who wait, unless it finds places after all (its task has ended then) or too many wait.
    /// </summary>
    private ApiError? BeginToWait(Exchange exchange, Waiter waiter)
    {
        lock (_lock)
        {
            while (true)
            {
                if (TryTake(waiter.Places) is > 0 and var taken)
                {
                    waiter.Granted = taken;
                    waiter.SetResult(null);
                    return null;
                }

                var counts = Volatile.Read(ref _counts);
                if (Waiting >= _config?.WaitingPerReplica)
                {
                    return QueueErrors.Full(RetryAfter(waiter));
                }

                // Only if no place has come free meanwhile: from here on, whoever gives one back sees that somebody
                // waits.
                if (Interlocked.CompareExchange(ref _counts, counts + OneWaiting, counts) == counts)
                {
                    _line.Add(waiter, exchange.Client?.Id ?? "", exchange.Client?.Priority ?? 0, waiter.Arrival);
                    if (!_isExpirySet)
                    {
                        SetExpiry();
                    }

                    return null;
                }
            }
        }
    }

    /// <summary>The client has gone, or the router stops.</summary>
    private static void GiveUp(Waiter waiter, ApiError error)
    {
        lock (waiter.Queue._lock)
        {
            waiter.Queue.Refuse(waiter, error);
            waiter.Queue.GivePlaces();
        }
    }

    private void Refuse(Waiter waiter, ApiError error)
    {
        if (_line.Remove(waiter, _time.GetTimestamp()))
        {
            Interlocked.Add(ref _counts, -OneWaiting);
            waiter.SetResult(error);
        }
    }

    /// <summary>
    /// Free places to those whose turn it is. One who needs more than are free is not passed over: it would wait for
    /// ever.
    /// </summary>
    private void GivePlaces()
    {
        var now = _time.GetTimestamp();
        while (_line.Next(now) is { } next)
        {
            var limit = Limit;
            var granted = Math.Min(next.Places, limit);
            if (Running + granted > limit)
            {
                return;
            }

            Interlocked.Add(ref _counts, granted - OneWaiting);
            _line.Take(next, now);
            next.Granted = granted;
            next.SetResult(null);
        }
    }

    /// <summary>Refuses those who have waited too long.</summary>
    private void Expire()
    {
        lock (_lock)
        {
            _isExpirySet = false;
            while (_config is { } config && _line.Oldest is { } oldest &&
                _time.GetElapsedTime(oldest.Arrival).TotalSeconds >= config.MaxWait)
            {
                Refuse(oldest, QueueErrors.TimedOut(RetryAfter(oldest)));
            }

            GivePlaces();
            SetExpiry();
        }
    }

    private void SetExpiry()
    {
        if (_config is { } config && _line.Oldest is { } oldest)
        {
            // Timers count in whole milliseconds, and one that comes too early would find nothing to do.
            var left = TimeSpan.FromSeconds(config.MaxWait) - _time.GetElapsedTime(oldest.Arrival) + TimeSpan.FromMilliseconds(1);
            _isExpirySet = _expiry.Change(left < TimeSpan.Zero ? TimeSpan.Zero : left, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>When all that wait now, and this one, would have had their places.</summary>
    private TimeSpan RetryAfter(Waiter waiter)
    {
        var others = _line.Places - (waiter.Key is null ? 0 : waiter.Places);
        return _pace.Estimate(others + Math.Min(waiter.Places, Limit), Limit, _time.GetTimestamp());
    }

    private long Ticks(double seconds) => (long)(seconds * _time.TimestampFrequency);
}
