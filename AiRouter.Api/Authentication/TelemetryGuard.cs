using AiRouter.Api.Backends;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Scheduling;
using AiRouter.ServiceDefaults;

namespace AiRouter.Api.Authentication;

/// <summary>
/// Keeps telemetry for key holders where <c>server.protectTelemetry</c> says so (R4). It stands behind <see cref="BasePath"/>,
/// because <c>/v1/metrics</c> is <c>/metrics</c> too.
/// </summary>
internal sealed class TelemetryGuard(RequestDelegate next, RouterStates states, Authenticator authenticator)
{
    /// <summary>Lets a request pass, or answers it with 401.</summary>
    public Task InvokeAsync(HttpContext http) => IsTelemetry(http.Request.Path) ? GuardAsync(http) : next(http);

    private async Task GuardAsync(HttpContext http)
    {
        // A scrape goes over all series.
        await LongWork.Begin();
        if (await RefuseAsync(http) is { } refused)
        {
            await ErrorResponse.WriteAsync(http, refused);
            return;
        }

        await next(http);
    }

    private async ValueTask<ApiError?> RefuseAsync(HttpContext http)
    {
        if (states.Enter() is not { } state)
        {
            return null;
        }

        try
        {
            return state.Server.ProtectTelemetry && !authenticator.IsKeyHolder(http)
                ? Authenticator.MissingKey()
                : null;
        }
        finally
        {
            await state.LeaveAsync();
        }
    }

    /// <summary>Whether it is a path of probes and scrapes, which need no key by default.</summary>
    internal static bool IsTelemetry(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase) ||
        path.StartsWithSegments(DefaultEndpoints.MetricsPath, StringComparison.OrdinalIgnoreCase) ||
        path.StartsWithSegments(DefaultEndpoints.HealthCheckPath, StringComparison.OrdinalIgnoreCase);
}
