using System.Text.Json.Nodes;
using AiRouter.Api.Errors;
using Microsoft.AspNetCore.Http;

namespace AiRouter.Tests.Errors;

/// <summary>Every cause against <c>openai-api.md</c> §3.</summary>
public sealed class ErrorTableTests
{
    public static TheoryData<string> Causes => [.. Enum.GetNames<ErrorCause>()];

    [Theory]
    [MemberData(nameof(Causes))]
    public async Task Cause_becomes_an_openai_error(string name)
    {
        var cause = Enum.Parse<ErrorCause>(name);
        var row = ErrorTable.For(cause);

        var (http, error) = await WriteAsync(new ApiError(cause, "Why.", "messages[0]"));

        Assert.Equal(row.Status, http.Response.StatusCode);
        Assert.Equal("application/json", http.Response.ContentType);
        Assert.Equal(["message", "type", "param", "code"], error.Select(m => m.Key));
        Assert.Equal("Why.", (string?)error["message"]);
        if (row.Status == 429)
        {
            // Of limits: what is limited, or that the quota is used up.
            Assert.Contains((string?)error["type"], (string[])["requests", "tokens", "insufficient_quota"]);
            Assert.Contains((string?)error["code"], (string[])["rate_limit_exceeded", "insufficient_quota"]);
        }
        else
        {
            Assert.Equal(row.Status >= 500 && row.Status != 501 ? "server_error" : "invalid_request_error", (string?)error["type"]);
        }

        // SDKs retry these by themselves: each says when, or that it is no use.
        var retryAfter = (string?)http.Response.Headers.RetryAfter;
        var shouldRetry = (string?)http.Response.Headers["x-should-retry"];
        Assert.Equal(row.Status is 429 or 503, retryAfter is not null);
        if (row.Status is 408 or 409 or 500 or 501 or 504)
        {
            Assert.Equal("false", shouldRetry);
        }

        if (row.Status < 400 || (row.Status < 500 && row.Status is not (408 or 409 or 429)))
        {
            Assert.Null(shouldRetry);
        }
    }

    [Theory]
    [InlineData(0.2, "1")]
    [InlineData(17.0, "17")]
    [InlineData(17.1, "18")]
    public async Task Retry_after_is_enough_and_at_least_one_second(double seconds, string header)
    {
        var (http, _) = await WriteAsync(
            new ApiError(ErrorCause.BackendOverloaded, "x") { RetryAfter = TimeSpan.FromSeconds(seconds) });

        Assert.Equal(header, (string?)http.Response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Passed_409_says_that_a_retry_is_no_use()
    {
        var (http, _) = await WriteAsync(new ApiError(ErrorCause.BackendRejected, "x") { Status = 409 });

        Assert.Equal("false", (string?)http.Response.Headers["x-should-retry"]);
    }

    private static async Task<(HttpContext Http, JsonObject Error)> WriteAsync(ApiError error)
    {
        using var body = new MemoryStream();
        var http = new DefaultHttpContext();
        http.Response.Body = body;
        await ErrorResponse.WriteAsync(http, error);
        return (http, JsonNode.Parse(body.ToArray())!["error"]!.AsObject());
    }
}
