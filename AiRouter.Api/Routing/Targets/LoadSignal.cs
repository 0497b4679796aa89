namespace AiRouter.Api.Routing.Targets;

/// <summary>What a server tells of the load of one of its models.</summary>
/// <param name="Requests">Requests that wait or are served there, whoever sent them.</param>
/// <param name="CacheUsed">The share of its KV cache that is in use, 0 to 1.</param>
internal readonly record struct LoadSignal(double Requests, double CacheUsed)
{
    // Below it a new prompt finds room at once. Above it the engine begins to hold prompts back, and at 1 every new one waits.
    private const double Roomy = 0.8;

    /// <summary>By how much a full cache makes the load heavier: 1 while there is room, 2 when there is none.</summary>
    public double Pressure => 1 + (Math.Clamp(CacheUsed - Roomy, 0, 1 - Roomy) / (1 - Roomy));
}
