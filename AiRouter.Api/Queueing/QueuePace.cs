namespace AiRouter.Api.Queueing;

/// <summary>
/// How soon places come free, as measured: what a client is told about when to come back. Its figures are written
/// without a lock: one that is lost between two requests that end together changes nothing.
/// </summary>
internal sealed class QueuePace(TimeProvider time)
{
    /// <summary>A <c>Retry-After</c> is never less: clients count in seconds.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <summary>Nor more: nobody knows so far ahead.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromMinutes(10);

    private const double Weight = 1.0 / 32;

    private double _meanTicks;
    private long _samples;
    private long _lastFree = time.GetTimestamp();

    /// <summary>The first request begins after nobody was served: from now on a place can come free.</summary>
    public void Begin(long now) => Volatile.Write(ref _lastFree, now);

    /// <summary>Places come free that were held since <paramref name="since"/>.</summary>
    public void Free(int places, long since, long now)
    {
        // The first ones count alike; later the last 32 places or so weigh most of it.
        var samples = Volatile.Read(ref _samples) + places;
        var weight = Math.Min(1, Math.Max(Weight, 1.0 / samples) * places);
        var mean = Volatile.Read(ref _meanTicks);
        Volatile.Write(ref _meanTicks, mean + (((now - since) - mean) * weight));
        Volatile.Write(ref _samples, samples);
        Volatile.Write(ref _lastFree, now);
    }

    /// <summary>The time in which so many places come free, of <paramref name="limit"/> that are all taken.</summary>
    public TimeSpan Estimate(long places, int limit, long now)
    {
        var mean = Volatile.Read(ref _meanTicks);
        var wait = places * mean / limit;

        // Longer than a whole request takes otherwise, no place came free: what was measured does not hold any more.
        // Then it will last as long again, as far as anybody knows.
        var silence = now - Volatile.Read(ref _lastFree);
        if (silence > mean)
        {
            wait = Math.Max(wait, silence);
        }

        var seconds = wait / time.TimestampFrequency;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, Least.TotalSeconds, Most.TotalSeconds));
    }
}
