namespace AiRouter.Api.Draining;

/// <summary>
/// Whether somebody sends requests by what <c>/health/ready</c> says, and so has to learn of a stop before the listener
/// closes.
/// </summary>
internal sealed class StopNotice(TimeProvider time)
{
    /// <summary>
    /// How long the listener then stays open at least. Kubernetes tells its proxies that a pod ends while it ends; that
    /// takes seconds.
    /// </summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    // Longer than the periods of probes that are in use.
    private static readonly TimeSpan Recently = TimeSpan.FromMinutes(1);

    private long? _asked;

    /// <summary>Whether readiness was asked for lately.</summary>
    public bool IsProbed => _asked is { } asked && time.GetElapsedTime(asked) < Recently;

    /// <summary>Readiness is asked for.</summary>
    public void Asked() => _asked = time.GetTimestamp();
}
