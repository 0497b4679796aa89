namespace AiRouter.TritonSimulator.Repository;

/// <summary>What has happened to one model's requests since the start.</summary>
public sealed class ModelCounters
{
    private long _tokens;
    private long _inFlight;
    private long _succeeded;
    private long _failed;
    private long _cancelled;

    /// <summary>Tokens produced.</summary>
    public long Tokens => Interlocked.Read(ref _tokens);

    /// <summary>Requests being answered now.</summary>
    public long InFlight => Interlocked.Read(ref _inFlight);

    /// <summary>Requests answered to the end.</summary>
    public long Succeeded => Interlocked.Read(ref _succeeded);

    /// <summary>Requests that ended with an error or a fault.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Requests that the client cancelled.</summary>
    public long Cancelled => Interlocked.Read(ref _cancelled);

    internal void TokenProduced()
    {
        Interlocked.Increment(ref _tokens);
    }

    internal void Started()
    {
        Interlocked.Increment(ref _inFlight);
    }

    internal void Refused()
    {
        Interlocked.Increment(ref _failed);
    }

    internal void Ended(Recording.RequestOutcome outcome)
    {
        Interlocked.Decrement(ref _inFlight);
        switch (outcome)
        {
            case Recording.RequestOutcome.Completed:
                Interlocked.Increment(ref _succeeded);
                break;
            case Recording.RequestOutcome.Cancelled:
                Interlocked.Increment(ref _cancelled);
                break;
            default:
                Interlocked.Increment(ref _failed);
                break;
        }
    }
}
