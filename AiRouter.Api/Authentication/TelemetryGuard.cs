using AiRouter.Api.Backends;
using AiRouter.Api.Errors;
using AiRouter.ServiceDefaults;

namespace AiRouter.Api.Authentication;

/// <summary>Keeps <c>/health/ready</c> details and, where <c>server.protectTelemetry</c> says so, all telemetry for key holders (R4).</summary>
internal sealed class TelemetryGuard(RequestDelegate next, RouterStates states, Authenticator authenticator)
{
    /// <summary>Lets a request pass, or answers it with 401.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        if (IsTelemetry(http.Request.Path) && await RefuseAsync(http) is { } refused)
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
            return state.Server.ProtectTelemetry && !authenticator.IsKeyHolder(http, state)
                ? Authenticator.MissingKey()
                : null;
        }
        finally
        {
            await state.LeaveAsync();
        }
    }

    private static bool IsTelemetry(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase) ||
        path.Equals(DefaultEndpoints.MetricsPath, StringComparison.OrdinalIgnoreCase) ||
        path.Equals(DefaultEndpoints.HealthCheckPath, StringComparison.OrdinalIgnoreCase);
}
