using System.Net;
using System.Net.Http.Headers;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.EndToEnd;

/// <summary>The Api as it is published: a process that knows its environment only.</summary>
public sealed class ServeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private const string Key = "sk-air-test-key-of-the-serve-tests";

    [Fact]
    public async Task Serve_needs_nothing_but_a_configuration_and_an_address()
    {
        var (process, http) = await ApiProcess.StartAsync(Environment("{}"));
        await using (process)
        using (http)
        {
            Assert.Equal("""{"status":"ready"}""", await http.GetStringAsync("/health/ready", Token));
            Assert.Equal("", await http.GetStringAsync("/health_check", Token));
            Assert.Equal("""{"status":"live"}""", await http.GetStringAsync("/health/live", Token));
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/v1/nothing-here", Token)).StatusCode);

            using var chat = new StringContent(
                """{"model":"m","messages":[{"role":"user","content":"Hi"}]}""", System.Text.Encoding.UTF8, "application/json");
            var answer = await http.PostAsync("/v1/chat/completions", chat, Token);
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
            var metrics = await http.GetStringAsync("/metrics", Token);
            Assert.Contains("gen_ai_server_request_duration_seconds_count", metrics, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task R4_telemetry_asks_for_a_key_when_it_is_protected()
    {
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Key)));
        var (process, http) = await ApiProcess.StartAsync(
            Environment("{ protectTelemetry: true }", $"[ {{ name: ops, hash: 'sha256:{hash}' }} ]"));
        await using (process)
        using (http)
        {
            string[] paths = ["/health/live", "/health/ready", "/metrics", "/health_check"];
            foreach (var path in paths.SelectMany(p => new[] { p, p + "/", "/v1" + p, "/openai/v1" + p }))
            {
                Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(path, Token)).StatusCode);
            }

            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
            Assert.Contains("\"configuration\"", await http.GetStringAsync("/health/ready", Token), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/metrics", Token)).StatusCode);
        }
    }

    [Theory]
    [InlineData("[[error:TELL-TALE]]")]
    [InlineData("[[error-after:2:TELL-TALE]]")]
    [InlineData("[[status:INTERNAL]] TELL-TALE")]
    [InlineData("[[reset-after:1]] TELL-TALE")]
    public async Task R39_log_has_neither_prompts_nor_upstream_error_texts(string prompt)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Token);
        var (process, http) = await ApiProcess.StartAsync(new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG_YAML"] = $$"""
                backends: { gpu: { kind: triton, url: "{{triton.Address}}" } }
                models: { m: { targets: [ { backend: gpu, model: ensemble } ] } }
                """,
        });
        await using (process)
        using (http)
        {
            using var chat = new StringContent(
                $$"""{"model":"m","messages":[{"role":"user","content":"{{prompt}}"}]}""",
                System.Text.Encoding.UTF8, "application/json");
            var answer = await http.PostAsync("/v1/chat/completions?hint=TELL-TALE", chat, Token);
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
            Assert.DoesNotContain("TELL-TALE", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

            await process.WaitForOutputAsync("/v1/chat/completions 502", Token);
            Assert.DoesNotContain("TELL-TALE", process.Output, StringComparison.Ordinal);
        }
    }

    private static Dictionary<string, string> Environment(string server, string keys = "[]") => new()
    {
        ["AIROUTER_CONFIG_YAML"] = $$"""
            backends: { up: { kind: openai, url: "http://127.0.0.1:9/v1" } }
            models: { m: { targets: [ { backend: up } ] } }
            server: {{server}}
            keys: {{keys}}
            """,
    };
}
