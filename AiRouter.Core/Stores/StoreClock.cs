namespace AiRouter.Core.Stores;

/// <summary>
/// The store's clock as far as it is known here: scripts get the last millisecond, by that clock, at which they may still run. Learned
/// from the answers of the probe.
/// </summary>
internal sealed class StoreClock(TimeProvider time)
{
    // An answer as quick as that says enough.
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private long _offset;
    private TimeSpan _trip = TimeSpan.MaxValue;
    private long _learned;

    /// <summary>Milliseconds since 1970, by the store's clock.</summary>
    public long Now => Ours(time.GetTimestamp()) + Volatile.Read(ref _offset);

    /// <summary>Whether an answer was so quick that no better one is needed.</summary>
    public bool IsWellKnown
    {
        get
        {
            lock (_gate)
            {
                return _trip <= Quick;
            }
        }
    }

    /// <summary>Takes an answer into account.</summary>
    /// <param name="asked">The timestamp of the question (<see cref="TimeProvider.GetTimestamp"/>).</param>
    /// <param name="answer">The store's clock somewhere between question and answer.</param>
    public void Learn(long asked, long answer)
    {
        lock (_gate)
        {
            // A slow answer leaves open when the clock was read. Clocks drift apart too: a millisecond a second is more than they do.
            var answered = time.GetTimestamp();
            var trip = time.GetElapsedTime(asked, answered);
            var known = _trip == TimeSpan.MaxValue ? _trip : _trip + (time.GetElapsedTime(_learned, answered) / 1000);
            if (trip <= Quick || trip <= known)
            {
                Volatile.Write(ref _offset, answer - ((Ours(asked) + Ours(answered)) / 2));
                _trip = trip;
                _learned = answered;
            }
        }
    }

    /// <summary>What is known is wrong, because the clock was set or another server answers: the next answer counts, however slow.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _trip = TimeSpan.MaxValue;
        }
    }

    // Not the time of day, which may be set while we run.
    private long Ours(long timestamp) => (long)time.GetElapsedTime(0, timestamp).TotalMilliseconds;
}
