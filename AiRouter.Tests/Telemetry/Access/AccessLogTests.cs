using System.Net;
using System.Text;
using System.Text.Json;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Tests.EndToEnd;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.Telemetry.Access;

/// <summary>One line for each request, with what it was and nothing of what was said (R39).</summary>
public sealed class AccessLogTests
{
    private const string Key = "sk-air-test-key-of-the-access-log-tests";
    private const string Secret = "my-prompt-is-nobodys-business";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly LogLines<AccessLog> _log = new();

    [Fact]
    public async Task Answer_has_its_model_key_tokens_times_and_bytes()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(
            """{"id":"c","object":"chat.completion","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}""");
        await using var router = await StartAsync(upstream);
        var json = $$"""{"model":"public-model","messages":[{"role":"user","content":"{{Secret}}"}]}""";

        var (status, body) = await SendAsync(router, HttpMethod.Post, "chat/completions", json);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Matches(
            "^Information: 127\\.0\\.0\\.1 POST /v1/chat/completions 200 \\d+\\.\\d ms id=the-id key=team-a model=public-model cause=- backend=upstream " +
            $"attempts=1 in=7 out=3 ttft=- queue=- upstream=\\d+\\.\\d received={json.Length} sent={body.Length} admin=-$",
            await LineAsync());
    }

    [Fact]
    public async Task Stream_has_its_time_to_the_first_token_and_all_its_bytes()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.EventsAsync(
            "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n", "data: [DONE]\n\n"));
        await using var router = await StartAsync(upstream);

        var (_, body) = await SendAsync(
            router, HttpMethod.Post, "chat/completions", """{"model":"public-model","stream":true,"messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Contains("[DONE]", body, StringComparison.Ordinal);
        Assert.Matches($" 200 .* ttft=\\d+\\.\\d queue=- upstream=\\d+\\.\\d received=\\d+ sent={Encoding.UTF8.GetByteCount(body)} ", await LineAsync());
    }

    [Theory]
    [InlineData("GET", "models", 200, "key=team-a model=- cause=- ")]
    [InlineData("GET", "models/nobody", 404, "key=team-a model=- cause=ModelNotFound ")]
    [InlineData("GET", "no/such/path", 404, "key=- model=- cause=UnknownUrl ")]
    [InlineData("PUT", "chat/completions", 405, "key=- model=- cause=MethodNotAllowed ")]
    [InlineData("GET", "responses", 426, "key=team-a model=- cause=InvalidRequest ")]
    [InlineData("POST", "content_provenance_checks", 501, "key=- model=- cause=NotImplemented ")]
    [InlineData("GET", "realtime", 426, "key=team-a model=- cause=InvalidRequest ")]
    [InlineData("POST", "chat/completions", 400, "key=team-a model=- cause=InvalidRequest ")]
    public async Task Request_that_reaches_no_backend_has_a_line_too(string method, string path, int status, string told)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await StartAsync(upstream);

        await SendAsync(router, new HttpMethod(method), path, method == "POST" ? "{" : null);

        var line = await LineAsync();
        Assert.Contains($" {method} /v1/{path} {status} ", line, StringComparison.Ordinal);
        Assert.Contains(told, line, StringComparison.Ordinal);
        Assert.Contains(" backend=- attempts=0 ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_key_and_preflight_have_a_line()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await StartAsync(upstream);

        await SendAsync(router, HttpMethod.Get, "models", null, key: "sk-air-wrong");
        Assert.Contains(" 401 ", await LineAsync(), StringComparison.Ordinal);

        await RawHttp.SendAsync(
            router.Root,
            "OPTIONS /v1/models HTTP/1.1\r\nHost: test\r\nOrigin: https://app\r\nAccess-Control-Request-Method: GET\r\nConnection: close\r\n\r\n");
        Assert.Contains(" OPTIONS /v1/models 204 ", await LineAsync(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_that_breaks_off_has_the_status_and_the_cause_of_its_end()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            await call.EventsAsync("data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n");
            await UpstreamCall.BreakOffAsync();
        });
        await using var router = await StartAsync(upstream);

        await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions", """{"model":"public-model","stream":true,"messages":[{"role":"user","content":"Hi"}]}""",
            $"Authorization: Bearer {Key}\r\n");

        Assert.Matches(" 502 .* cause=BackendStreamBroken backend=upstream attempts=1 .* ttft=\\d", await LineAsync());
    }

    [Fact]
    public async Task R39_no_line_has_secrets_content_or_queries()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(
            call => call.JsonAsync($$$"""{"error":{"message":"upstream says {{{Secret}}}"}}""", 400));
        await using var router = await StartAsync(upstream);
        var json = $$"""{"model":"public-model","user":"{{Secret}}","messages":[{"role":"user","content":"{{Secret}}"}]}""";

        await SendAsync(router, HttpMethod.Post, $"chat/completions?api-key={Key}&q={Secret}", json);
        await SendAsync(router, HttpMethod.Post, "chat/completions", json.Replace("public-model", Secret, StringComparison.Ordinal));
        await SendAsync(router, HttpMethod.Get, $"models/{Key}", null);
        await SendAsync(router, HttpMethod.Get, $"{Key}/more?{Secret}", null);

        await LineAsync(4);
        Assert.All(_log.All, line =>
        {
            Assert.DoesNotContain(Secret, line, StringComparison.Ordinal);
            Assert.DoesNotContain(Key, line, StringComparison.Ordinal);
        });
        Assert.Contains(" GET /v1/models/sk-air-… 404 ", _log.All[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_cannot_fill_the_log_or_begin_a_line()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await StartAsync(upstream);

        await SendAsync(router, HttpMethod.Get, "made%0Aup/" + new string('x', 4000), null);

        var line = await LineAsync();
        Assert.InRange(line.Length, 1, 1000);
        Assert.Contains("/v1/made%0Aup/xxx", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_and_scrapes_of_a_process_have_no_line_and_json_has_the_values_by_name()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(
            """{"id":"c","object":"chat.completion","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}""");
        var (process, http) = await ApiProcess.StartAsync(new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG_YAML"] = ConfigurationOf(upstream),
            ["Logging__Console__FormatterName"] = "json",
        });
        await using var _ = process;
        using var __ = http;
        foreach (var path in (string[])["health/live", "health/ready", "health_check", "metrics", "v1/metrics"])
        {
            Assert.True((await http.GetAsync(path, Token)).IsSuccessStatusCode, path);
        }

        var json = TritonRouter.Chat("Hi", model: "m");
        using var response = await http.PostAsync("v1/chat/completions", new StringContent(json, Encoding.UTF8, "application/json"), Token);
        var body = await response.Content.ReadAsStringAsync(Token);
        await process.WaitForOutputAsync("AccessLog", Token);

        var lines = process.Output.Split('\n').Where(l => l.Contains("AccessLog", StringComparison.Ordinal));
        var line = JsonDocument.Parse(Assert.Single(lines)).RootElement;
        Assert.Equal(
            [
                "time", "level", "category", "event", "remote", "method", "path", "status", "duration_ms", "request_id", "model", "backend",
                "attempts", "input_tokens", "output_tokens", "upstream_ms", "request_bytes", "response_bytes",
            ],
            line.EnumerateObject().Select(m => m.Name));
        Assert.Equal(("POST", "/v1/chat/completions", "m", "b"), (Text("method"), Text("path"), Text("model"), Text("backend")));
        Assert.Equal((200, 1, 7, 3), (Number("status"), Number("attempts"), Number("input_tokens"), Number("output_tokens")));
        Assert.Equal((json.Length, body.Length), (Number("request_bytes"), Number("response_bytes")));
        Assert.Equal(response.Headers.GetValues("x-request-id").Single(), Text("request_id"));

        string? Text(string name) => line.GetProperty(name).GetString();
        int Number(string name) => line.GetProperty(name).GetInt32();
    }

    private static string ConfigurationOf(ScriptedUpstream upstream) =>
        $$"""
        server: { authentication: none }
        backends: { b: { url: "{{upstream.Url}}", probe: { enabled: false } } }
        models: { m: { targets: [ { backend: b } ] } }
        """;

    private Task<RunningRouter> StartAsync(ScriptedUpstream upstream) => RunningRouter.StartAsync(
        upstream,
        config: c => c with { Keys = [new KeyConfig { Name = "team-a", Hash = ClientKeySecret.HashOf(Key) }] },
        configure: s => s.AddSingleton<ILogger<AccessLog>>(_log));

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(
        RunningRouter router, HttpMethod method, string path, string? json, string key = Key)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", key);
        request.Headers.Add("x-request-id", "the-id");
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await router.Http.SendAsync(request, Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    private async Task<string> LineAsync(int count = 1)
    {
        await Eventually.HoldsAsync(() => _log.All.Count >= count);
        Assert.Equal(count, _log.All.Count);
        return _log.All[^1];
    }
}
