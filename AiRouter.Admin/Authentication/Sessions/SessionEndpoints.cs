using AiRouter.Admin.Authentication.OpenId;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;

namespace AiRouter.Admin.Authentication.Sessions;

/// <summary>What pages send beside the pages themselves: sign-in at a provider, sign-out, and the sign that a session is in use.</summary>
internal static class SessionEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapSessions(this WebApplication app)
    {
        var group = app.MapGroup("").ExcludeFromDescription();
        group.MapPost(SignInPaths.Session, SignInAsync).AllowAnonymous();
        group.MapPost(SignInPaths.End, SignOutAsync).AllowAnonymous();
        group.MapPost(SignInPaths.Touch, static () => Results.NoContent()).RequireAuthorization(AdminPolicies.Viewer);
        if (app.Services.GetRequiredService<AdminOptions>().Access.OpenId is not null)
        {
            group.MapGet(SignInPaths.OpenId, static (HttpContext context, OpenIdSignIn provider) =>
                provider.GoAsync(context, SignInPaths.Local(context.Request.Query[SignInPaths.ReturnParameter]))).AllowAnonymous();
        }
    }

    private static async Task<IResult> SignInAsync(HttpContext context, IAntiforgery antiforgery, KeySignIn keys)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.Redirect(SignInPaths.To(null, SignInReason.FormExpired));
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var target = SignInPaths.Local(form[SignInPaths.ReturnParameter]);
        return Results.Redirect(await keys.TryAsync(context, form["key"]) is { } problem ? SignInPaths.To(target, problem) : target);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, SessionDesk sessions)
    {
        // A form that was shown to somebody else, or before the role changed: the page asks anew.
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.Redirect(SignInPaths.SignOut);
        }

        var session = await context.AuthenticateAsync(SessionCookie.SchemeName);
        if (session.Principal is { } user)
        {
            context.User = user;
        }

        await sessions.EndAsync(context);
        return Results.Redirect(SignInPaths.To(null, SignInReason.SignedOut));
    }
}
