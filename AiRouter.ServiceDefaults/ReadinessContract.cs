using Microsoft.AspNetCore.Http;

namespace AiRouter.ServiceDefaults;

/// <summary>What <c>/health/ready</c> asks the process.</summary>
public sealed record ReadinessContract
{
    /// <summary>Whether there has been a first configuration. Nothing else belongs here: a router whose backends or store are down still
    /// answers, with errors that say so, and removing every replica would help nobody.</summary>
    public required Func<bool> HasStarted { get; init; }

    /// <summary>What is degraded, for callers who may know; null for the others, whom the caller of this function must recognise by
    /// their credentials.</summary>
    public Func<HttpContext, ValueTask<IReadOnlyList<ReadinessDetail>?>>? Details { get; init; }
}
