namespace AiRouter.Api.Routing.Targets;

/// <summary>
/// What a target has to do, and how soon its answers begin, as far as this replica knows: from its own requests, and from the load that
/// a Triton server tells (<see cref="Report"/>). Read by the policies for every request, so reading takes no lock.
/// </summary>
internal sealed class TargetLoad(TimeProvider time)
{
    private int _inFlight;
    private SignalledLoad? _signal;

    /// <summary>Requests of this replica under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>From the request to the first event, of streamed answers.</summary>
    public PeakEwma FirstData { get; } = new(time);

    /// <summary>From the request to its end, of answers that come whole.</summary>
    public PeakEwma WholeAnswers { get; } = new(time);

    /// <summary>
    /// What it has to do, in requests: this replica's own, and what the server told of others', made heavier while its memory for
    /// prompts runs short.
    /// </summary>
    public double Busy
    {
        get
        {
            var own = InFlight;
            return Volatile.Read(ref _signal) is { } signal && time.GetTimestamp() < signal.Expires
                ? (own + signal.Others) * signal.Pressure
                : own;
        }
    }

    /// <summary>An attempt begins. Exactly one <see cref="RequestLoad.End"/> of what it returns has to follow.</summary>
    /// <param name="streams">The client wants a stream.</param>
    public RequestLoad Begin(bool streams)
    {
        Interlocked.Increment(ref _inFlight);
        return new RequestLoad(this, streams ? FirstData : WholeAnswers, time);
    }

    /// <summary>The server has told its load.</summary>
    /// <param name="signal">What it told.</param>
    /// <param name="validFor">How long that is believed.</param>
    public void Report(LoadSignal signal, TimeSpan validFor) =>
        Volatile.Write(ref _signal, new SignalledLoad(
            Math.Max(0, signal.Requests - InFlight),
            signal.Pressure,
            time.GetTimestamp() + (long)(validFor.TotalSeconds * time.TimestampFrequency)));

    internal void Ended() => Interlocked.Decrement(ref _inFlight);

    // A class, so that the three are read as one.
    private sealed record SignalledLoad(double Others, double Pressure, long Expires);
}
