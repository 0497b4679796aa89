namespace AiRouter.Api.Routing.Targets;

/// <summary>The part that one attempt has in a target's load. Used by one request, by one thread at a time.</summary>
internal sealed class RequestLoad
{
    private readonly TargetLoad _load;
    private readonly PeakEwma _track;
    private readonly TimeProvider _time;
    private readonly long _started;
    private bool _waits = true;

    internal RequestLoad(TargetLoad load, PeakEwma track, TimeProvider time)
    {
        _load = load;
        _track = track;
        _time = time;
        _started = time.GetTimestamp();
        track.Begin();
    }

    private bool Streams => _track == _load.FirstData;

    /// <summary>The first event of the answer goes out. It is counted now, not when the stream has ended: that may be minutes later.</summary>
    public void FirstData()
    {
        if (_waits && Streams)
        {
            _waits = false;
            _track.Observe(_time.GetElapsedTime(_started));
        }
    }

    /// <summary>The attempt is over.</summary>
    /// <param name="answered">
    /// It brought an answer. Otherwise only how long it took in vain counts, and only if that is longer than answers took so far: a
    /// target that fails quickly is not a quick one.
    /// </param>
    public void End(bool answered)
    {
        _load.Ended();
        if (!_waits)
        {
            return;
        }

        _waits = false;
        if (answered && !Streams)
        {
            _track.Observe(_time.GetElapsedTime(_started));
        }
        else
        {
            _track.Failed(_time.GetElapsedTime(_started));
        }
    }
}
