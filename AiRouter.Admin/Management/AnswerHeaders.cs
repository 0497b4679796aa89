namespace AiRouter.Admin.Management;

/// <summary>
/// What every answer has: it is not to be kept by anybody, guessed at, or shown inside another page, and a page of ours loads and runs
/// nothing but what comes from here.
/// </summary>
internal sealed class AnswerHeaders(RequestDelegate next)
{
    // Components place things by style attributes. No script stands in a page, and none is made of text.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
        "connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Sets them, and goes on.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        Set(context.Response.Headers);
        return next(context);
    }

    /// <summary>Sets them, again where an answer was begun anew.</summary>
    public static void Set(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;

        // Not no-referrer: forms would then be posted with the origin "null".
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
    }
}
