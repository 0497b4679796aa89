namespace AiRouter.Admin.Authentication;

/// <summary>Where people sign in and out.</summary>
internal static class SignInPaths
{
    /// <summary>The page.</summary>
    public const string SignIn = "/sign-in";

    /// <summary>What its form is sent to: another path, because pages answer to POST too.</summary>
    public const string Session = "/session";

    /// <summary>Goes to the provider.</summary>
    public const string OpenId = "/sign-in/openid";

    /// <summary>Where the provider sends people back to.</summary>
    public const string OpenIdCallback = "/sign-in/openid/callback";

    /// <summary>The page that asks whether to sign out.</summary>
    public const string SignOut = "/sign-out";

    /// <summary>What its form, and that of every page, is sent to.</summary>
    public const string End = "/session/end";

    /// <summary>Says that the session is in use.</summary>
    public const string Touch = "/session/touch";

    /// <summary>The query's parameter with the page that was asked for.</summary>
    public const string ReturnParameter = "returnUrl";

    /// <summary>The query's parameter with why somebody has to sign in.</summary>
    public const string ReasonParameter = "reason";

    /// <summary>Whether a person asks for a page, not a script for something else.</summary>
    public static bool IsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) &&
        !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) &&
        !request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase) &&
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>A path of this site; whatever else was given becomes <c>/</c>.</summary>
    public static string Local(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("/\\", StringComparison.Ordinal) &&
        !path.Any(char.IsControl) && !path.StartsWith(SignIn, StringComparison.OrdinalIgnoreCase) &&
        !path.StartsWith(SignOut, StringComparison.OrdinalIgnoreCase)
            ? path
            : "/";

    /// <summary>The page to sign in at, with where to go on and why.</summary>
    public static string To(string? returnPath, SignInReason? reason = null)
    {
        var local = Local(returnPath);
        var query = QueryString.Empty;
        if (local != "/")
        {
            query = query.Add(ReturnParameter, local);
        }

        return SignIn + (reason is { } why ? query.Add(ReasonParameter, why.ToString()) : query).ToUriComponent();
    }
}

/// <summary>Why somebody has to sign in; the page says it in words.</summary>
internal enum SignInReason
{
    /// <summary>He signed out.</summary>
    SignedOut,

    /// <summary>His session is too old, or was not used for too long.</summary>
    TimeIsOver,

    /// <summary>His key was removed or has expired.</summary>
    AccessIsGone,

    /// <summary>He gave no key of an admin.</summary>
    WrongKey,

    /// <summary>Too many wrong keys came from his address.</summary>
    TooManyAttempts,

    /// <summary>There is no admin key at all.</summary>
    NoKeyYet,

    /// <summary>The form was not of this browser, or too old.</summary>
    FormExpired,

    /// <summary>The provider or the proxy knows him, but he has no role.</summary>
    NoRole,

    /// <summary>The provider could not be reached, or its answer was wrong.</summary>
    ProviderFailed,
}
