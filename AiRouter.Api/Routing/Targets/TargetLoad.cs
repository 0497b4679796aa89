namespace AiRouter.Api.Routing.Targets;

/// <summary>What a target has to do, as far as this replica knows.</summary>
internal sealed class TargetLoad
{
    private int _inFlight;

    /// <summary>Requests of this replica under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>A request begins.</summary>
    public void Begin() => Interlocked.Increment(ref _inFlight);

    /// <summary>It has ended.</summary>
    public void End() => Interlocked.Decrement(ref _inFlight);
}
