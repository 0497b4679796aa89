namespace AiRouter.Api.Routing.Targets;

/// <summary>
/// How long a target takes: an average over time that jumps up at once and comes down slowly (peak EWMA, as in Finagle and Linkerd), so
/// that a target that has become slow is left at its first slow answer. What is old counts less and less: a target that gets no requests
/// looks better until it gets one and shows what it is.
/// </summary>
internal sealed class PeakEwma(TimeProvider time)
{
    /// <summary>In which time an old value loses 63 % of its weight: of 30 s, 0.02 s are left after 30 s.</summary>
    private const double Tau = 4;

    /// <summary>A value that is as old as this says nothing any more.</summary>
    private const double Forgotten = 15;

    /// <summary>Longer is not told apart: it would only take longer to forget.</summary>
    private const double Longest = 30;

    /// <summary>A failure of a target that never answered tells something when it took at least this long.</summary>
    private const double Noticeable = 1;

    private readonly Lock _writing = new();
    private double _seconds;
    private long _observed;
    private long _progress;
    private long _newestBegan;
    private int _waiting;
    private bool _isKnown;

    /// <summary>
    /// Seconds, as far as they are known; null: nobody knows. While requests wait, at least as long as nothing has come: a target that
    /// hangs shows so before its first request ends.
    /// </summary>
    public double? Seconds
    {
        get
        {
            var now = time.GetTimestamp();
            var age = time.GetElapsedTime(Volatile.Read(ref _observed), now).TotalSeconds;
            double? known = Volatile.Read(ref _isKnown) && age < Forgotten ? Volatile.Read(ref _seconds) * Math.Exp(-age / Tau) : null;
            return Volatile.Read(ref _waiting) > 0 && Silence(now) is var silence && silence > (known ?? 0) ? silence : known;
        }
    }

    /// <summary>A request begins to wait. One of <see cref="Observe"/> and <see cref="Failed"/> has to follow.</summary>
    public void Begin()
    {
        lock (_writing)
        {
            if (_waiting++ == 0)
            {
                _progress = time.GetTimestamp();
            }
        }
    }

    /// <summary>It took this long.</summary>
    public void Observe(TimeSpan taken)
    {
        lock (_writing)
        {
            _waiting--;
            _progress = time.GetTimestamp();
            Learn(Math.Min(taken.TotalSeconds, Longest) * Belated(taken));
        }
    }

    /// <summary>It got nothing in this time.</summary>
    public void Failed(TimeSpan taken)
    {
        lock (_writing)
        {
            _waiting--;
            var seconds = Math.Min(taken.TotalSeconds, Longest);
            if (seconds > (_isKnown ? _seconds : Noticeable))
            {
                Learn(seconds);
            }
        }
    }

    // An answer to a request that is older than one that has been answered already tells how the target was, not how it is.
    private double Belated(TimeSpan taken)
    {
        var began = time.GetTimestamp() - (long)(taken.TotalSeconds * time.TimestampFrequency);
        var behind = _isKnown ? time.GetElapsedTime(began, _newestBegan).TotalSeconds : 0;
        _newestBegan = behind > 0 ? _newestBegan : began;
        return behind > 0 ? Math.Exp(-behind / Tau) : 1;
    }

    private void Learn(double seconds)
    {
        // An answer counts by the time since the one before: a thousand a second and one a second come down alike.
        var old = _isKnown ? Math.Exp(-time.GetElapsedTime(_observed).TotalSeconds / Tau) : 0;
        Volatile.Write(ref _seconds, seconds >= _seconds * old ? seconds : (_seconds * old) + (seconds * (1 - old)));
        Volatile.Write(ref _observed, time.GetTimestamp());
        Volatile.Write(ref _isKnown, true);
    }

    private double Silence(long now) => Math.Min(time.GetElapsedTime(Volatile.Read(ref _progress), now).TotalSeconds, Longest);
}
