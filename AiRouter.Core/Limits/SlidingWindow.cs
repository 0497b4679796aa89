namespace AiRouter.Core.Limits;

/// <summary>
/// What was admitted and settled in the last minute, in entries of 100 ms: adding and ageing cost the same however much
/// it is, and a busy subject has 600 entries.
/// </summary>
internal sealed class SlidingWindow
{
    private Entry[] _ring = new Entry[4];
    private int _first;
    private long _lastRequests;
    private long _lastTokens;

    /// <summary>What counts of an amount's time.</summary>
    /// <param name="End">Where the 100 ms end; a minute later it no longer counts.</param>
    /// <param name="Requests">Admitted in them.</param>
    /// <param name="Tokens">Settled in them.</param>
    public record struct Entry(long End, long Requests, long Tokens)
    {
        /// <summary>When it no longer counts.</summary>
        public readonly long FreedAt => End + LimitTimes.Window;
    }

    /// <summary>How many entries there are.</summary>
    public int Count { get; private set; }

    /// <summary>All requests that count.</summary>
    public long Requests { get; private set; }

    /// <summary>All tokens that count.</summary>
    public long Tokens { get; private set; }

    /// <summary>The entries, oldest first.</summary>
    public ref Entry this[int index] => ref _ring[(_first + index) & (_ring.Length - 1)];

    /// <summary>How long from <paramref name="now"/> until no request counts.</summary>
    public long RequestsReset(long now) => Requests > 0 ? _lastRequests + LimitTimes.Window - now : 0;

    /// <summary>How long from <paramref name="now"/> until no token counts.</summary>
    public long TokensReset(long now) => Tokens > 0 ? _lastTokens + LimitTimes.Window - now : 0;

    /// <summary>Drops what is over a minute old.</summary>
    public void Age(long now)
    {
        if (Count > 0 && this[Count - 1].End > EndOf(now) + LimitTimes.Step)
        {
            Collapse(EndOf(now));
        }

        while (Count > 0 && this[0].FreedAt <= now)
        {
            Requests -= this[0].Requests;
            Tokens -= this[0].Tokens;
            _first = (_first + 1) & (_ring.Length - 1);
            Count--;
        }
    }

    /// <summary>Counts from now on.</summary>
    public void Add(long now, long requests, long tokens)
    {
        if (requests == 0 && tokens == 0)
        {
            return;
        }

        // A clock that went back a little: the entry it came from goes on.
        var end = EndOf(now);
        if (Count > 0 && this[Count - 1].End >= end)
        {
            end = this[Count - 1].End;
        }
        else
        {
            Append(end);
        }

        ref var entry = ref this[Count - 1];
        entry.Requests += requests;
        entry.Tokens += tokens;
        Requests += requests;
        Tokens += tokens;
        _lastRequests = requests > 0 ? end : _lastRequests;
        _lastTokens = tokens > 0 ? end : _lastTokens;
    }

    /// <summary>When so many requests no longer count; at most all of them.</summary>
    public long RequestsFreedAt(long amount)
    {
        var index = 0;
        while ((amount -= this[index].Requests) > 0)
        {
            index++;
        }

        return this[index].FreedAt;
    }

    private static long EndOf(long now) => ((now / LimitTimes.Bucket) + 1) * LimitTimes.Bucket;

    // The clock went far back: everything counts a minute from now, not until the clock has caught up.
    private void Collapse(long end)
    {
        _first = 0;
        Count = 1;
        this[0] = new Entry(end, Requests, Tokens);
        _lastRequests = end;
        _lastTokens = end;
    }

    private void Append(long end)
    {
        if (Count == _ring.Length)
        {
            var larger = new Entry[_ring.Length * 2];
            for (var i = 0; i < Count; i++)
            {
                larger[i] = this[i];
            }

            _ring = larger;
            _first = 0;
        }

        Count++;
        this[Count - 1] = new Entry(end, 0, 0);
    }
}
