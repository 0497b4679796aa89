using AiRouter.Api.Authentication;
using AiRouter.Api.Backends;
using AiRouter.Core.Health;
using AiRouter.Core.Keys;
using AiRouter.ServiceDefaults;

namespace AiRouter.Api.Telemetry;

/// <summary>What <c>/health/ready</c> tells key holders beside its status (R30).</summary>
internal sealed class ReadinessReport(
    RouterStates states, Authenticator authenticator, KeyDirectory keys, IEnumerable<IHealthSource> sources)
{
    /// <summary>The configuration that is served, the client keys and the store; null for callers without a key.</summary>
    public async ValueTask<IReadOnlyList<ReadinessDetail>?> DetailsAsync(HttpContext http)
    {
        if (states.Enter() is not { } state)
        {
            return null;
        }

        try
        {
            return authenticator.IsKeyHolder(http)
                ? [
                    new ReadinessDetail("configuration", true, $"version {state.Model.Version}"),
                    new ReadinessDetail("keys", keys.Problem is null, keys.Problem),
                    .. sources.SelectMany(static s => s.Details).Select(static d => new ReadinessDetail(d.Name, d.IsHealthy, d.Reason)),
                ]
                : null;
        }
        finally
        {
            await state.LeaveAsync();
        }
    }
}
