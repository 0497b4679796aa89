using System.Text;
using AiRouter.Tests.EndToEnd;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Telemetry.Otlp;

namespace AiRouter.Tests.Telemetry.Metrics;

/// <summary>What a collector is told of a stream, a failover and an error: every point of ours, attribute by attribute.</summary>
public sealed class MetricsOverOtlpTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_failover_and_error_are_measured_as_the_conventions_say()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var upstream = await ScriptedUpstream.StartAsync(AnswerAsync);
        var (process, http) = await ApiProcess.StartAsync(new Dictionary<string, string>(collector.Environment())
        {
            ["AIROUTER_CONFIG_YAML"] =
                $$"""
                server: { authentication: none }
                backends:
                  bad: { url: "{{upstream.Url}}/bad", probe: { enabled: false } }
                  good: { url: "{{upstream.Url}}", probe: { enabled: false } }
                models:
                  stream: { targets: [ { backend: good, model: hidden-name } ] }
                  wobbly: { targets: [ { backend: bad }, { backend: good, priority: 1 } ] }
                """,
        });
        await using var _ = process;
        using var __ = http;

        await AskAsync(http, "stream", "\"stream\":true");
        await AskAsync(http, "wobbly");
        await AskAsync(http, "made-up");
        await collector.PointAsync("gen_ai.server.request.duration", p => p["error.type"] is "ModelNotFound");

        string[] expected =
        [
            // The stream.
            "gen_ai.client.operation.duration s 1 airouter.backend=good gen_ai.operation.name=chat gen_ai.provider.name=openai gen_ai.request.model=stream",
            "gen_ai.client.token.usage {token} 1 gen_ai.operation.name=chat gen_ai.request.model=stream gen_ai.token.type=input",
            "gen_ai.client.token.usage {token} 1 gen_ai.operation.name=chat gen_ai.request.model=stream gen_ai.token.type=output",
            "gen_ai.server.request.duration s 1 gen_ai.operation.name=chat gen_ai.request.model=stream http.response.status_code=200",
            "gen_ai.server.time_per_output_token s 1 gen_ai.operation.name=chat gen_ai.request.model=stream",
            "gen_ai.server.time_to_first_token s 1 gen_ai.operation.name=chat gen_ai.request.model=stream",

            // The failover: two attempts, one request.
            "gen_ai.client.operation.duration s 1 airouter.backend=bad error.type=BackendOverloaded gen_ai.operation.name=chat gen_ai.provider.name=openai gen_ai.request.model=wobbly",
            "gen_ai.client.operation.duration s 1 airouter.backend=good gen_ai.operation.name=chat gen_ai.provider.name=openai gen_ai.request.model=wobbly",
            "gen_ai.client.token.usage {token} 1 gen_ai.operation.name=chat gen_ai.request.model=wobbly gen_ai.token.type=input",
            "gen_ai.client.token.usage {token} 1 gen_ai.operation.name=chat gen_ai.request.model=wobbly gen_ai.token.type=output",
            "gen_ai.server.request.duration s 1 gen_ai.operation.name=chat gen_ai.request.model=wobbly http.response.status_code=200",

            // The error, whose model nobody knows.
            "gen_ai.server.request.duration s 1 error.type=ModelNotFound gen_ai.operation.name=chat http.response.status_code=404",
        ];
        var points = Newest(collector.Points.Where(p => p.Scope == "AiRouter" && p.Kind == "Histogram"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), points.Select(Describe).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["1 airouter.retry.reason=Refused gen_ai.request.model=wobbly"],
            Newest(collector.Points.Where(p => p.Metric == "airouter.retries")).Select(p => $"{p.Value} {Labels(p)}"));
        Assert.Equal(
            ["1 error.type=ModelNotFound gen_ai.operation.name=chat http.response.status_code=404"],
            Newest(collector.Points.Where(p => p.Metric == "airouter.errors")).Select(p => $"{p.Value} {Labels(p)}"));

        var tokens = points.Single(p => p["gen_ai.token.type"] is "output" && p["gen_ai.request.model"] is "stream");
        Assert.Equal(5, tokens.Value);
        Assert.Equal([1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864], tokens.Bounds);
        Assert.Equal(1UL, tokens.Buckets[2]);
        var perToken = points.Single(p => p.Metric == "gen_ai.server.time_per_output_token");
        var whole = points.Single(p => p.Metric == "gen_ai.server.request.duration" && p["gen_ai.request.model"] is "stream");
        var first = points.Single(p => p.Metric == "gen_ai.server.time_to_first_token");
        Assert.Equal((whole.Value - first.Value) / 4, perToken.Value, 9);
    }

    private static async Task AnswerAsync(UpstreamCall call)
    {
        var path = call.Http.Request.Path.Value!;
        if (path.Contains("/bad", StringComparison.Ordinal))
        {
            await call.JsonAsync("{}", 503);
        }
        else if (Encoding.UTF8.GetString(call.Request.Body).Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await call.EventsAsync(
                "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n",
                "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":5}}\n\n",
                "data: [DONE]\n\n");
        }
        else
        {
            await call.JsonAsync(
                """{"id":"c","object":"chat.completion","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}""");
        }
    }

    private static async Task AskAsync(HttpClient http, string model, string members = "")
    {
        using var content = new StringContent(TritonRouter.Chat("Hi", members, model), Encoding.UTF8, "application/json");
        using var response = await http.PostAsync("v1/chat/completions", content, Token);
        await response.Content.ReadAsByteArrayAsync(Token);
    }

    /// <summary>Of each series the last point; ours only.</summary>
    private static List<ReceivedPoint> Newest(IEnumerable<ReceivedPoint> points) =>
        [.. points.GroupBy(Describe).Select(g => g.Last())];

    private static string Describe(ReceivedPoint point) => $"{point.Metric} {point.Unit} {point.Count} {Labels(point)}";

    private static string Labels(ReceivedPoint point) =>
        string.Join(' ', point.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"));
}
