namespace AiRouter.Admin.Management;

/// <summary>What every answer has: it is not to be kept by anybody, guessed at, or shown inside another page.</summary>
internal sealed class AnswerHeaders(RequestDelegate next)
{
    /// <summary>Sets them, and goes on.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        return next(context);
    }
}
