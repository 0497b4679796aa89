using System.Security.Claims;
using AiRouter.Core.Administration;

namespace AiRouter.Admin.Authentication;

/// <summary>Who asks, and what he may do.</summary>
/// <param name="Name">As history and audit call him: the name of an admin key.</param>
/// <param name="Role">What he may do.</param>
/// <param name="ReadsBodies">Whether he may read logged bodies.</param>
internal sealed record AdminIdentity(string Name, AdminRole Role, bool ReadsBodies)
{
    /// <summary>The name of whoever has <c>AIROUTER_ADMIN_KEY</c>; no stored key can have it.</summary>
    public const string EnvironmentName = "environment";

    /// <summary>The claim with the role.</summary>
    internal const string RoleClaim = "airouter.role";
    private const string BodiesClaim = "airouter.bodies";

    /// <summary>The identity of an authenticated request.</summary>
    public static AdminIdentity Of(HttpContext context) => Of(context.User);

    /// <summary>The identity of an authenticated user.</summary>
    public static AdminIdentity Of(ClaimsPrincipal user) => new(
        user.Identity!.Name!,
        Enum.Parse<AdminRole>(user.FindFirstValue(RoleClaim)!),
        user.HasClaim(BodiesClaim, "true"));

    /// <summary>Whether an authenticated user has a role, or a higher one.</summary>
    public static bool HasRole(ClaimsPrincipal user, AdminRole role) =>
        Enum.TryParse<AdminRole>(user.FindFirstValue(RoleClaim), out var own) && own >= role;

    /// <summary>Whether an authenticated user may read logged bodies.</summary>
    public static bool MayReadBodies(ClaimsPrincipal user) => user.HasClaim(BodiesClaim, "true");

    /// <summary>As ASP.NET carries it.</summary>
    public ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, Name),
            new Claim(RoleClaim, Role.ToString()),
            new Claim(BodiesClaim, ReadsBodies ? "true" : "false"),
        ],
        scheme));
}
