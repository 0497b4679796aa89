using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing.Failover;

/// <summary>
/// How many requests of a model may be tried again: a share of the requests of the last 10 seconds, and a reserve for times with few.
/// Without it a model that fails gets its load times the attempts, just then. One for each model, for as long as it has its name.
/// </summary>
internal sealed class RetryBudget(TimeProvider time)
{
    /// <summary>Over how many seconds, the one that has begun included.</summary>
    public const int Seconds = 10;

    private const long CountMask = uint.MaxValue;

    private readonly Lock _gate = new();

    // One number for each second: when (upper half) and how many. Requests are counted without a lock; retries are few.
    private readonly long[] _requests = new long[Seconds];
    private readonly long[] _retries = new long[Seconds];

    private long Now => time.GetTimestamp() / time.TimestampFrequency;

    /// <summary>A request for the model, of whatever outcome.</summary>
    public void CountRequest()
    {
        var now = Now;
        ref var slot = ref _requests[now % Seconds];
        long before;
        do
        {
            before = Volatile.Read(ref slot);
        }
        while (Interlocked.CompareExchange(ref slot, Add(before, now), before) != before);
    }

    /// <summary>Takes one retry; false: there is none left.</summary>
    public bool TryTake(RetryConfig config)
    {
        lock (_gate)
        {
            var now = Now;
            var allowed = (config.Budget * Sum(_requests, now)) + (config.MinPerSecond * Seconds);
            if (Sum(_retries, now) + 1 > allowed)
            {
                return false;
            }

            ref var slot = ref _retries[now % Seconds];
            slot = Add(slot, now);
            return true;
        }
    }

    /// <summary>The retry that was taken last did not take place.</summary>
    public void GiveBack()
    {
        lock (_gate)
        {
            // The newest second that has any: which retry it is makes no difference.
            var now = Now;
            for (var second = now; second > now - Seconds; second--)
            {
                ref var slot = ref _retries[((second % Seconds) + Seconds) % Seconds];
                if (CountOf(slot, second) > 0)
                {
                    slot--;
                    return;
                }
            }
        }
    }

    private static long Add(long slot, long second) => (second << 32) | (CountOf(slot, second) + 1);

    private static long CountOf(long slot, long second) => slot >> 32 == (int)second ? slot & CountMask : 0;

    private static long Sum(long[] slots, long now)
    {
        var sum = 0L;
        for (var second = now; second > now - Seconds; second--)
        {
            sum += CountOf(Volatile.Read(ref slots[((second % Seconds) + Seconds) % Seconds]), second);
        }

        return sum;
    }
}
