namespace AiRouter.Core.Health;

/// <summary>A part of the process that knows whether it is degraded: shown to key holders by <c>/health/ready</c> (R30).</summary>
public interface IHealthSource
{
    /// <summary>What it has to tell now, in a stable order.</summary>
    IEnumerable<HealthDetail> Details { get; }
}

/// <summary>The state of one thing that the process depends on.</summary>
/// <param name="Name">What it is, such as <c>store</c>.</param>
/// <param name="IsHealthy">Whether it works.</param>
/// <param name="Reason">What there is to say about it. Never an address or a secret.</param>
public sealed record HealthDetail(string Name, bool IsHealthy, string? Reason);
