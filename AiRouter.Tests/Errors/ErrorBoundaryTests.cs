using AiRouter.Api.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Errors;

public sealed class ErrorBoundaryTests
{
    [Fact]
    public async Task Bug_is_a_500_without_its_text_that_a_browser_may_read()
    {
        var http = new DefaultHttpContext();
        var body = new MemoryStream();
        http.Response.Body = body;
        var boundary = new ErrorBoundary(
            context =>
            {
                context.Response.Headers.AccessControlAllowOrigin = "https://app.test";
                context.Response.Headers.AccessControlExposeHeaders = "x-request-id";
                context.Response.Headers.Vary = "Origin";
                context.Response.Headers.ContentEncoding = "gzip";
                throw new InvalidOperationException("secret words");
            },
            NullLogger<ErrorBoundary>.Instance);

        await boundary.InvokeAsync(http);

        Assert.Equal(500, http.Response.StatusCode);
        Assert.Equal("https://app.test", http.Response.Headers.AccessControlAllowOrigin);
        Assert.Equal("Origin", http.Response.Headers.Vary);
        Assert.NotEmpty(http.Response.Headers["x-request-id"].ToString());
        Assert.Equal(0, http.Response.Headers.ContentEncoding.Count);
        Assert.DoesNotContain("secret", System.Text.Encoding.UTF8.GetString(body.ToArray()), StringComparison.Ordinal);
    }
}
