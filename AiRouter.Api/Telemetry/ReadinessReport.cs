using AiRouter.Api.Authentication;
using AiRouter.Api.Backends;
using AiRouter.ServiceDefaults;

namespace AiRouter.Api.Telemetry;

/// <summary>What <c>/health/ready</c> tells key holders beside its status (R30).</summary>
internal sealed class ReadinessReport(RouterStates states, Authenticator authenticator)
{
    /// <summary>The configuration that is served; null for callers without a key.</summary>
    public async ValueTask<IReadOnlyList<ReadinessDetail>?> DetailsAsync(HttpContext http)
    {
        if (states.Enter() is not { } state)
        {
            return null;
        }

        try
        {
            return authenticator.IsKeyHolder(http, state)
                ? [new ReadinessDetail("configuration", true, $"version {state.Model.Version}")]
                : null;
        }
        finally
        {
            await state.LeaveAsync();
        }
    }
}
