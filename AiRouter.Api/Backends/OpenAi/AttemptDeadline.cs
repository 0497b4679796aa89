using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>
/// The deadlines of one attempt in one cancellation source: it is armed anew for each wait (a timer is moved, none is made)
/// and also ends when the client goes.
/// </summary>
internal sealed class AttemptDeadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;
    private readonly CancellationToken _client;
    private readonly TimeProvider _timeProvider;
    private readonly TimeoutsConfig _timeouts;
    private readonly long _started;

    /// <summary>Starts with the wait for the first byte.</summary>
    public AttemptDeadline(TimeoutsConfig timeouts, TimeProvider timeProvider, CancellationToken client)
    {
        _timeouts = timeouts;
        _timeProvider = timeProvider;
        _client = client;
        _started = timeProvider.GetTimestamp();
        _source = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Min(timeouts.FirstByte, timeouts.Total)), timeProvider);
        _registration = client.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>Ends the wait that it was armed for last.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The wait took too long (and the client is still there).</summary>
    public bool HasExpired => _source.IsCancellationRequested && !_client.IsCancellationRequested;

    /// <summary>It was the client that was waited for, which takes nothing of its answer: no fault of the backend's.</summary>
    public bool WaitsForClient { get; private set; }

    /// <summary>The next wait is one for more of an answer that has begun.</summary>
    public void ArmIdle() => Arm(_timeouts.Idle, waitsForClient: false);

    /// <summary>
    /// The next wait is for the client: one that reads slowly does not use up the backend's time, but one that has stopped
    /// reading does not keep a connection to the backend for longer than an answer may take altogether.
    /// </summary>
    public void ArmWrite() => Arm(_timeouts.Total, waitsForClient: true);

    /// <summary>Ends whatever still waits.</summary>
    public Task CancelAsync() => _source.CancelAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }

    private void Arm(double seconds, bool waitsForClient)
    {
        if (_source.IsCancellationRequested)
        {
            return;
        }

        WaitsForClient = waitsForClient;
        var left = _timeouts.Total - _timeProvider.GetElapsedTime(_started).TotalSeconds;
        _source.CancelAfter(TimeSpan.FromSeconds(Math.Max(0, Math.Min(seconds, left))));
    }
}
