using System.Text.Encodings.Web;

namespace AiRouter.Admin.Management.Failures;

/// <summary>A failure for a person where no page can be shown: the store is away, there is no such page.</summary>
internal static class FailurePage
{
    /// <summary>Writes it.</summary>
    public static Task WriteAsync(HttpContext context, int status, ManagementFailure failure) =>
        WriteAsync(context, status, FailureAnswers.TitleOf(failure.Kind), failure.Detail);

    /// <summary>Writes it.</summary>
    public static Task WriteAsync(HttpContext context, int status, string heading, string detail)
    {
        var title = HtmlEncoder.Default.Encode(heading);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title} · AiRouter</title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href="/app.css" />
            </head>
            <body>
                <main class="plain">
                    <h1>{title}</h1>
                    <p>{HtmlEncoder.Default.Encode(detail)}</p>
                    <p><a href="/">To the overview</a></p>
                </main>
            </body>
            </html>

            """,
            context.RequestAborted);
    }
}
