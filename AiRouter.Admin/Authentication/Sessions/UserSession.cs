using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using AiRouter.Core.Administration;

namespace AiRouter.Admin.Authentication.Sessions;

/// <summary>Somebody who is signed in to the pages: who he is, and how that is known.</summary>
/// <param name="Identity">Who he is, and what he may do.</param>
/// <param name="Source">What the session hangs on: an admin key, a provider, a proxy (<see cref="AdminKeyring"/>).</param>
/// <param name="Id">Names the session.</param>
/// <param name="Since">When he signed in.</param>
internal sealed record UserSession(AdminIdentity Identity, string Source, string Id, DateTimeOffset Since)
{
    private const string SourceClaim = "airouter.source";
    private const string IdClaim = "airouter.session";
    private const string SinceClaim = "airouter.since";

    /// <summary>A new one.</summary>
    public static UserSession Begin(AdminIdentity identity, string source, DateTimeOffset now) =>
        new(identity, source, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), now);

    /// <summary>The session that a user's claims tell of; null: he has none.</summary>
    public static UserSession? Of(ClaimsPrincipal user) =>
        user.Identity is { IsAuthenticated: true, Name: { } name } &&
        user.FindFirstValue(SourceClaim) is { } source &&
        user.FindFirstValue(IdClaim) is { } id &&
        Enum.TryParse<AdminRole>(user.FindFirstValue(AdminIdentity.RoleClaim), out var role) &&
        long.TryParse(user.FindFirstValue(SinceClaim), NumberStyles.None, CultureInfo.InvariantCulture, out var since)
            ? new UserSession(
                new AdminIdentity(name, role, AdminIdentity.MayReadBodies(user)), source, id, DateTimeOffset.FromUnixTimeSeconds(since))
            : null;

    /// <summary>As ASP.NET carries it.</summary>
    public ClaimsPrincipal ToPrincipal(string scheme)
    {
        var principal = Identity.ToPrincipal(scheme);
        ((ClaimsIdentity)principal.Identity!).AddClaims(
        [
            new Claim(SourceClaim, Source),
            new Claim(IdClaim, Id),
            new Claim(SinceClaim, Since.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        ]);
        return principal;
    }
}
