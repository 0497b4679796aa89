using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;

namespace AiRouter.Admin.Authentication;

/// <summary>Signing in with an admin key, and out: forms of static pages.</summary>
internal static class SignIn
{
    /// <summary>The scheme of those who signed in with a browser.</summary>
    public const string Scheme = "Session";

    /// <summary>The page with the form.</summary>
    public const string Path = "/sign-in";

    /// <summary>What the form is sent to: another path, because pages answer to POST too.</summary>
    public const string Action = "/session";

    /// <summary>What the form for signing out is sent to.</summary>
    public const string OutAction = "/session/end";

    /// <summary>Maps what the forms are sent to.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapPost(Action, SignInAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapPost(OutAction, SignOutAsync).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>What a problem of the address means.</summary>
    public static string Text(string problem) => problem switch
    {
        "wait" => "Too many wrong keys came from this address: wait a minute before the next try.",
        _ => "This is no admin key, or it has expired. Client keys are no admin keys.",
    };

    private static async Task<IResult> SignInAsync(
        HttpContext http, IAntiforgery antiforgery, AdminKeyring keyring, FailureThrottle throttle, CancellationToken cancellationToken)
    {
        await antiforgery.ValidateRequestAsync(http);
        var form = await http.Request.ReadFormAsync(cancellationToken);
        var address = http.Connection.RemoteIpAddress;
        if (throttle.WaitOf(address) > TimeSpan.Zero)
        {
            return Results.LocalRedirect($"{Path}?problem=wait");
        }

        if (await keyring.FindAsync(form["key"].ToString().Trim(), cancellationToken) is not { } identity)
        {
            throttle.Failed(address);
            return Results.LocalRedirect($"{Path}?problem=wrong");
        }

        await http.SignInAsync(Scheme, identity.ToPrincipal(Scheme));
        var target = form["returnUrl"].ToString();
        return Results.LocalRedirect(target.StartsWith('/') && !target.StartsWith("//", StringComparison.Ordinal) ? target : "/");
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, IAntiforgery antiforgery)
    {
        await antiforgery.ValidateRequestAsync(http);
        await http.SignOutAsync(Scheme);
        return Results.LocalRedirect(Path);
    }
}
