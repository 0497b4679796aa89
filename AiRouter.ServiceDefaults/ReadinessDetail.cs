namespace AiRouter.ServiceDefaults;

/// <summary>The state of one thing that the process depends on, as shown to authenticated callers of <c>/health/ready</c>.</summary>
/// <param name="Name">What it is, such as <c>backend gpu-1</c>.</param>
/// <param name="IsHealthy">Whether it works.</param>
/// <param name="Reason">Why it does not, or null.</param>
public sealed record ReadinessDetail(string Name, bool IsHealthy, string? Reason = null);
