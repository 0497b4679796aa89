using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;

namespace AiRouter.Admin.Session;

/// <summary>Tells whoever opens one page too many so, instead of giving him one that never comes to life.</summary>
internal sealed class CircuitGate(RequestDelegate next, OpenCircuits circuits)
{
    /// <summary>Answers, or goes on.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        return circuits.AreTooMany && SignInPaths.IsPage(context.Request) && metadata?.GetMetadata<ComponentTypeMetadata>() is not null &&
            metadata.GetMetadata<IAllowAnonymous>() is null
            ? FailurePage.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, new ManagementFailure(
                FailureKind.Refused, $"{circuits.Count} pages are open, and Admin opens no more at a time. Close some, then try again."))
            : next(context);
    }
}
