using System.Text.Json.Nodes;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Backends.OpenAi;

/// <summary>How a backend's own error becomes the client's; <c>Faults/OpenAi</c> has backends that break.</summary>
public sealed class UpstreamFailureTests
{
    private const string Ask = """{"model":"public-model","messages":[{}]}""";
    private const string AskStream = """{"model":"public-model","messages":[{}],"stream":true}""";

    [Theory]
    [InlineData(400, """{"error":{"message":"bad 'backend-model'","type":"invalid_request_error","param":"tools[0]","code":"invalid_value"}}""", 400, "bad 'public-model'", "invalid_request_error", "invalid_value", "tools[0]")]
    [InlineData(400, """{"object":"error","message":"too long","type":"BadRequestError","param":null,"code":400}""", 400, "too long", "BadRequestError", "400", null)]
    [InlineData(422, """{"detail":[{"loc":["body","messages",0,"role"],"msg":"field required"}]}""", 422, "field required", "invalid_request_error", null, "messages.0.role")]
    [InlineData(400, """{"detail":"nope"}""", 400, "nope", "invalid_request_error", null, null)]
    [InlineData(400, "\"just text\"", 400, "just text", "invalid_request_error", null, null)]
    [InlineData(400, """{"error":"oops"}""", 400, "oops", "invalid_request_error", null, null)]
    [InlineData(500, "<html>nginx at 127.0.0.1</html>", 500, "The backend answered with status 500.", "server_error", "backend_error", null)]
    [InlineData(500, """{"error":{"message":"Traceback (most recent call last):\n  x"}}""", 500, "The backend answered with status 500.", "server_error", "backend_error", null)]
    [InlineData(429, """{"error":{"message":"slow","type":"tokens","code":"rate_limit_exceeded"}}""", 429, "slow", "tokens", "rate_limit_exceeded", null)]
    [InlineData(503, "", 503, "The backend answered with status 503.", "server_error", "server_is_overloaded", null)]
    [InlineData(404, """{"error":{"message":"No file","type":"invalid_request_error","param":"file_id","code":"not_found"}}""", 404, "No file", "invalid_request_error", "not_found", "file_id")]
    public async Task Error_is_rewrapped_with_its_status(
        int status, string body, int expected, string message, string type, string? code, string? param)
    {
        var response = await FailAsync(Ask, call => call.JsonAsync(body, status));

        Assert.Equal(expected, response.Status);
        var error = Error(response);
        Assert.Equal(message, (string?)error["message"]);
        Assert.Equal(type, (string?)error["type"]);
        Assert.Equal(code, (string?)error["code"]);
        Assert.Equal(param, (string?)error["param"]);
        Assert.Equal(4, error.Count);
    }

    [Theory]
    [InlineData(401, "{}", 502, "backend_misconfigured")]
    [InlineData(403, "{}", 502, "backend_misconfigured")]
    [InlineData(402, "{}", 503, "backend_quota")]
    [InlineData(429, """{"error":{"message":"pay","type":"insufficient_quota","code":"insufficient_quota"}}""", 503, "backend_quota")]
    [InlineData(404, """{"error":{"message":"The model 'backend-model' does not exist","code":"model_not_found"}}""", 502, "backend_misconfigured")]
    [InlineData(404, """{"detail":"Not Found"}""", 502, "backend_misconfigured")]
    [InlineData(307, "", 502, "backend_misconfigured")]
    public async Task R24_what_concerns_our_own_credential_or_model_is_the_operators(int status, string body, int expected, string code)
    {
        var response = await FailAsync(Ask, call => call.JsonAsync(body, status));

        Assert.Equal(expected, response.Status);
        Assert.Equal(code, (string?)Error(response)["code"]);
        Assert.DoesNotContain("pay", response.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("backend-model", response.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    public async Task R24_with_the_clients_own_credential_it_passes(int status)
    {
        var response = await FailAsync(
            Ask, call => call.JsonAsync("""{"error":{"message":"yours","type":"t","code":"c"}}""", status),
            b => b with { ApiKey = "forward" }, "Authorization: Bearer sk-theirs\r\n");

        Assert.Equal(status, response.Status);
        Assert.Equal("yours", (string?)Error(response)["message"]);
    }

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"busy\",\"type\":\"rate_limit_error\",\"code\":null}}\n\n", 429, "busy")]
    [InlineData("event: error\ndata: {\"error\":{\"message\":\"bad\",\"code\":400}}\n\n", 400, "bad")]
    [InlineData("data: {\"error\":\"oops\"}\n\n", 502, "oops")]
    public async Task Error_as_first_event_has_a_status(string frame, int status, string message)
    {
        var response = await FailAsync(AskStream, call => call.EventsAsync(frame));

        Assert.Equal(status, response.Status);
        Assert.Equal(message, (string?)Error(response)["message"]);
    }

    [Theory]
    [InlineData("""{"error":{"message":"in 200","type":"invalid_request_error"}}""", 400)]
    [InlineData("not json", 502)]
    [InlineData("", 502)]
    public async Task Answer_with_200_that_is_none_is_an_error(string body, int status)
    {
        Assert.Equal(status, (await FailAsync(Ask, call => call.JsonAsync(body))).Status);
        Assert.Equal(status, (await FailAsync(AskStream, call => call.JsonAsync(body))).Status);
    }

    [Fact]
    public async Task Client_that_leaves_ends_the_request_at_the_backend()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            await call.EventsAsync("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n");
            await call.HangAsync();
        });
        await using var router = await RunningRouter.StartAsync(upstream);
        using (var request = new HttpRequestMessage(HttpMethod.Post, "chat/completions"))
        {
            request.Content = new StringContent(AskStream, System.Text.Encoding.UTF8, "application/json");
            using var response = await router.Http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            Assert.True(await body.ReadAsync(new byte[100], TestContext.Current.CancellationToken) > 0);
        }

        await upstream.Request.Aborted.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private static JsonObject Error(RawResponse response) => JsonNode.Parse(response.Body)!["error"]!.AsObject();

    private static async Task<RawResponse> FailAsync(
        string ask, Func<UpstreamCall, Task> script, Func<BackendConfig, BackendConfig>? backend = null, string headers = "")
    {
        await using var upstream = await ScriptedUpstream.StartAsync(script);
        await using var router = await RunningRouter.StartAsync(upstream, backend);
        return await RawHttp.PostAsync(router.Root, "/v1/chat/completions", ask, headers);
    }
}
