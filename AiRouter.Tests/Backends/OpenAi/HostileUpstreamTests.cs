using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Backends.OpenAi;

/// <summary>Backends that are odd or mean in what they say; <c>Faults/OpenAi</c> has those that break.</summary>
public sealed class HostileUpstreamTests
{
    private const string Ask = """{"model":"public-model","messages":[{"role":"user","content":"12345678"}]}""";
    private const string AskStream = """{"model":"public-model","stream":true,"messages":[{"role":"user","content":"12345678"}]}""";

    private const string Good = """data: {"choices":[{"index":0,"delta":{"content":"a"}}]}""" + "\n\n";
    private static readonly string Deep = new string('[', 80) + new string(']', 80);

    [Theory]
    [InlineData("""{"\ud800":1,"choices":[]}""")]
    [InlineData("""{"choices":[{"\ud800":1,"index":0,"delta":{"\ud800":"x","content":"b"}}]}""")]
    [InlineData("""{"usage":{"\ud800":1},"choices":[]}""")]
    [InlineData("""{"error":{"message":"\ud800"}}""")]
    [InlineData("""{"\ud800":{"message":"x"},"error":{"\ud800":1}}""")]
    [InlineData("""{"usage":{"deep":DEEP},"choices":[]}""")]
    [InlineData("""{"error":{"message":DEEP}}""")]
    [InlineData("\ufeff{}")]
    [InlineData("{\"a\":\u0000}")]
    public async Task Strange_json_never_hangs_a_stream(string chunk)
    {
        var data = chunk.Replace("DEEP", Deep, StringComparison.Ordinal);
        await using var upstream = RawUpstream.Events($"{Good}data: {data}\n\n{Good.Replace("}}", "},\"finish_reason\":\"stop\"}", StringComparison.Ordinal)}data: [DONE]\n\n");
        await using var router = await StartAsync(upstream);

        var response = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", AskStream);

        Assert.Equal(200, response.Status);
        Assert.NotEqual(response.IsWhole, response.Body.Contains("\"error\":{\"message\"", StringComparison.Ordinal));
        Assert.DoesNotContain("internal", response.Body, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("""{"id":"\ud800","choices":[{"index":0,"message":{"content":"x"},"finish_reason":"stop"}]}""")]
    [InlineData("""{"id":"x","choices":[{"index":1e30,"message":{"content":"\ud800"},"finish_reason":"stop"}]}""")]
    [InlineData("""{"id":"x","choices":[{"index":1.5,"message":{"content":"a","content":"b"},"finish_reason":"stop"}]}""")]
    [InlineData("""{"id":"x","id":"y","choices":[{"index":0,"message":{"content":DEEP},"finish_reason":"stop"}],"x":DEEP}""")]
    [InlineData("""{"id":"x","choices":[{"index":0,"message":{"tool_calls":[{"function":1},2,{"function":{"name":[]}}]},"finish_reason":"stop"}]}""")]
    [InlineData("""{"id":"x","choices":[{"index":0,"message":{"role":{},"content":[{}]},"finish_reason":"\ud800"}]}""")]
    [InlineData("""{"id":"x","error":{"message":"\ud800"}}""")]
    public async Task Strange_answer_is_never_a_bug_whoever_streams(string json)
    {
        var text = json.Replace("DEEP", Deep, StringComparison.Ordinal);
        await using var upstream = RawUpstream.Answering(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{text}");
        await using var events = RawUpstream.Events(
            $"data: {text.Replace("\"message\":{", "\"delta\":{", StringComparison.Ordinal)}\n\ndata: [DONE]\n\n");
        await using var router = await StartAsync(upstream);
        await using var streaming = await StartAsync(events);

        foreach (var response in new[]
        {
            await RawHttp.PostAsync(router.Root, "/v1/chat/completions", Ask),
            await RawHttp.PostAsync(router.Root, "/v1/chat/completions", AskStream),
            await RawHttp.PostAsync(streaming.Root, "/v1/chat/completions", Ask),
            await RawHttp.PostAsync(streaming.Root, "/v1/chat/completions", AskStream),
        })
        {
            Assert.True(response.Status is 200 or 502, response.Head + response.Body);
            Assert.True(response.IsWhole);
        }
    }

    [Fact]
    public async Task Length_beside_chunks_does_not_count()
    {
        await using var upstream = RawUpstream.Answering(
            "HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Trailer: y\r\n\r\n");
        await using var router = await StartAsync(upstream);

        var response = await RawHttp.PostAsync(router.Root, "/v1/audio/speech", """{"model":"public-model","input":"x"}""");

        Assert.Equal("hello", response.Body);
        Assert.True(response.IsWhole);
        Assert.Null(response.Header("X-Trailer"));
    }

    [Theory]
    [InlineData("Content-Type: audio/mpeg; x=\u00e9\r\n")]
    [InlineData("Content-Type: audio/mpeg\r\nContent-Disposition: attachment; filename=\"\u00e9.mp3\"\r\n")]
    [InlineData("Content-Type: audio/mpeg\r\nopenai-version: \u0001\r\n")]
    public async Task Header_that_cannot_be_sent_does_not_cost_the_answer(string headers)
    {
        await using var upstream = RawUpstream.Answering($"HTTP/1.1 200 OK\r\n{headers}Content-Length: 5\r\n\r\nhello");
        await using var router = await StartAsync(upstream);

        var response = await RawHttp.PostAsync(router.Root, "/v1/audio/speech", """{"model":"public-model","input":"x"}""");

        Assert.Equal(200, response.Status);
        Assert.Equal("hello", response.Body);
    }

    [Fact]
    public async Task Request_header_beyond_ascii_reaches_the_backend_as_it_was()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(upstream);

        var response = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions", Ask, "X-Stainless-OS: Caf\u00e9\r\nbaggage: secret=1\r\nCorrelation-Context: secret=2\r\n");

        Assert.Equal(200, response.Status);
        Assert.Equal("Caf\u00e9", upstream.Request.Header("X-Stainless-OS"));
        Assert.DoesNotContain(upstream.Request.Headers.Values, v => v.Contains("secret", StringComparison.Ordinal));
    }

    private static async Task<RunningRouter> StartAsync(RawUpstream upstream) => await RunningRouter.StartAsync(
        $$"""
        backends: { upstream: { kind: openai, url: {{upstream.Url}}, timeouts: { firstByte: 15, idle: 15 } } }
        models: { public-model: { targets: [ { backend: upstream, model: backend-model } ] } }
        """);
}
