using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.AspNetCore.Hosting;

namespace AiRouter.Tests.Backends.OpenAi;

/// <summary>What passes, and what is changed on the way.</summary>
public sealed class RelayTests
{
    private const string Ask = """{"model":"public-model","messages":[{"role":"user","content":"12345678"}]}""";
    private const string AskStream = """{"model":"public-model","stream":true,"messages":[{"role":"user","content":"12345678"}]}""";

    private const string AskUsage =
        """{"model":"public-model","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"12345678"}]}""";

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Encoded_answer_is_decoded(string encoding)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.BytesAsync(
            "application/json", Encode(encoding, """{"model":"backend-model"}"""), 200, ("Content-Encoding", encoding)));
        await using var router = await RunningRouter.StartAsync(upstream);

        var response = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", Ask);

        Assert.Equal("""{"model":"public-model"}""", response.Body);
        Assert.Null(response.Header("Content-Encoding"));
        Assert.True(response.IsWhole);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task Json_under_a_wrong_type_becomes_json(string? type)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(
            call => call.BytesAsync(type, """ {"model":"backend-model"}"""u8.ToArray()));
        await using var router = await RunningRouter.StartAsync(upstream);

        var response = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", Ask);

        Assert.Equal("application/json", response.Header("Content-Type"));
        Assert.Equal(""" {"model":"public-model"}""", response.Body);
    }

    [Fact]
    public async Task Speech_is_streamed_as_it_comes()
    {
        var release = new TaskCompletionSource();
        await using var upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            call.Http.Response.ContentType = "audio/mpeg";
            await call.WriteAsync("first");
            await release.Task;
            await call.WriteAsync("second");
        });
        await using var router = await RunningRouter.StartAsync(upstream);
        using var request = new HttpRequestMessage(HttpMethod.Post, "audio/speech")
        {
            Content = new StringContent("""{"model":"public-model","input":"x"}""", Encoding.UTF8, "application/json"),
        };

        using var response = await router.Http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var first = new byte[5];
        await body.ReadExactlyAsync(first, TestContext.Current.CancellationToken);
        release.SetResult();
        using var rest = new StreamReader(body);

        Assert.Equal("first", Encoding.UTF8.GetString(first));
        Assert.Equal("second", await rest.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal("audio/mpeg", response.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData("crlf", "\r\n")]
    [InlineData("cr", "\r")]
    public async Task Line_ends_comments_and_a_missing_done_are_normalised(string name, string lineEnd)
    {
        var events = string.Join(lineEnd, ": comment", "", "id: 1", "data: " + Chunk("a", "null"), "", "retry: 5", "", "event: x", "data:" + Chunk("b", "\"stop\""), "", "");
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.EventsAsync(events));
        await using var router = await RunningRouter.StartAsync(upstream);

        var response = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", AskStream);

        Assert.True(name.Length > 0 && response.IsWhole);
        Golden.Equal("normalised.txt", response.Body);
    }

    [Fact]
    public async Task Usage_is_left_to_a_client_that_asked_and_gets_the_choices_that_clients_need()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.EventsAsync(
            $"data: {Chunk("a", "\"stop\"")}\n\n",
            "data: {\"id\":\"c\",\"created\":1,\"model\":\"backend-model\",\"choices\":null,\"usage\":{\"prompt_tokens\":3}}\n\ndata: [DONE]\n\n"));
        await using var router = await RunningRouter.StartAsync(upstream);

        var response = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", AskUsage);

        Assert.Equal(AskUsage.Replace("public-model", "backend-model", StringComparison.Ordinal), upstream.Request.Text);
        Assert.EndsWith(
            "data: {\"id\":\"c\",\"created\":1,\"model\":\"public-model\",\"choices\":[],\"usage\":{\"prompt_tokens\":3}}\n\ndata: [DONE]\n\n",
            response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R28_backend_that_refuses_stream_options_gets_none_and_usage_is_estimated_and_marked()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.EventsAsync(
            $"data: {Chunk("12345", "null")}\n\n", $"data: {Chunk("678", "\"stop\"")}\n\ndata: [DONE]\n\n"));
        await using var router = await RunningRouter.StartAsync(upstream, b => b with { StreamUsage = false });

        var response = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", AskUsage);

        Assert.DoesNotContain("stream_options", upstream.Request.Text, StringComparison.Ordinal);
        Assert.Equal("estimated", response.Header("x-airouter-usage"));
        Assert.EndsWith(
            "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"public-model\",\"choices\":[]," +
            "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2,\"total_tokens\":12,\"estimated\":true}}\n\ndata: [DONE]\n\n",
            response.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"stream_options":null,"model":"public-model","stream":true,"messages":[{}]}""", """{"stream_options":{"include_usage":true},"model":"backend-model","stream":true,"messages":[{}]}""")]
    [InlineData("""{"stream_options":{},"model":"public-model","stream":true,"messages":[{}]}""", """{"stream_options":{"include_usage":true},"model":"backend-model","stream":true,"messages":[{}]}""")]
    [InlineData("""{"stream_options":{"x":1,"include_usage":false },"model":"public-model","stream":true,"messages":[{}]}""", """{"stream_options":{"x":1,"include_usage":true },"model":"backend-model","stream":true,"messages":[{}]}""")]
    public async Task R28_usage_is_always_asked_on_streams(string asked, string sent)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.EventsAsync($"data: {Chunk("a", "\"stop\"")}\n\n"));
        await using var router = await RunningRouter.StartAsync(upstream);

        await RawHttp.PostAsync(router.Root, "/v1/chat/completions", asked);

        Assert.Equal(sent, upstream.Request.Text);
    }

    [Fact]
    public async Task R11_parameters_are_renamed_dropped_set_and_forced()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(upstream, model: m => m with
        {
            Parameters = new ParametersConfig
            {
                Rename = new Dictionary<string, string> { ["max_tokens"] = "max_completion_tokens" },
                Drop = ["user"],
                Defaults = new Dictionary<string, JsonNode?> { ["temperature"] = 0.5, ["top_p"] = 1 },
                Force = new Dictionary<string, JsonNode?> { ["seed"] = 7 },
            },
        });

        using var response = await router.PostAsync(
            "chat/completions",
            """{"user":"u", "model":"public-model","max_tokens" : 5,"top_p":0.1,"seed":1,"temperature":null,"messages":[{}]}""");

        Assert.Equal(
            """{"model":"backend-model","max_completion_tokens" : 5,"top_p":0.1,"seed":7,"temperature":0.5,"messages":[{}]}""",
            upstream.Request.Text);
    }

    [Theory]
    [InlineData("/v1", "/v1/chat/completions")]
    [InlineData("/v1/", "/v1/chat/completions")]
    [InlineData("", "/chat/completions")]
    [InlineData("/a/b//", "/a/b/chat/completions")]
    public async Task Url_stands_for_v1(string path, string target)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(upstream, b => b with { Url = new Uri(upstream.Url, path.Length == 0 ? "/" : path) });

        using var response = await router.PostAsync("chat/completions", Ask);

        Assert.Equal(target, upstream.Request.Target);
    }

    [Fact]
    public async Task Single_paths_can_have_urls_of_their_own()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(upstream, b => b with
        {
            Paths = new Dictionary<string, Uri> { ["/v1/chat/completions"] = new(upstream.Url, "/own?k=v") },
        });

        using var response = await router.PostAsync("chat/completions?x=1", Ask);

        Assert.Equal("/own?k=v&x=1", upstream.Request.Target);
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 502)]
    public async Task Private_authority_is_trusted_only_when_configured(bool isConfigured, int status)
    {
        using var localhost = new LocalhostCertificate();
        await using var upstream = await ScriptedUpstream.StartAsync(
            call => call.JsonAsync("{}"), listen => listen.UseHttps(localhost.Certificate));
        await using var router = await RunningRouter.StartAsync(
            upstream, b => b with { Tls = isConfigured ? new TlsConfig { CaFile = localhost.File } : null });

        using var response = await router.PostAsync("chat/completions", Ask);

        Assert.Equal(status, (int)response.StatusCode);
    }

    private static string Chunk(string content, string finish) =>
        $$$"""{"id":"c","created":1,"model":"backend-model","choices":[{"index":0,"delta":{"content":"{{{content}}}"},"finish_reason":{{{finish}}}}]}""";

    private static byte[] Encode(string encoding, string text)
    {
        using var bytes = new MemoryStream();
        using (Stream encoder = encoding switch
        {
            "gzip" => new GZipStream(bytes, CompressionLevel.Fastest),
            "br" => new BrotliStream(bytes, CompressionLevel.Fastest),
            _ => new ZLibStream(bytes, CompressionLevel.Fastest),
        })
        {
            encoder.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }
}
