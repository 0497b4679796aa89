using AiRouter.Api;
using AiRouter.ServiceDefaults;
using AiRouter.Tests.Fixtures;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Security;

/// <summary>What one HTTP/2 connection may do, where a listener is set to HTTP/2.</summary>
public sealed class Http2LimitTests
{
    private const uint RefusedStream = 7;
    private const uint EnhanceYourCalm = 11;
    private const string ChatPath = "/v1/chat/completions";
    private const string Ask = """{"model":"public-model","stream":true,"messages":[{}]}""";

    [Fact]
    public async Task Rapid_reset_ends_the_connection_and_others_are_served()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await StartAsync(upstream);
        using var connection = await Http2Connection.OpenAsync(router.Root);
        var request = Http2Connection.Request("POST", ChatPath, ("content-type", "application/json"));

        // The reader must run beside the writer, or both would wait for the other's window.
        var end = connection.ReadUntilAsync(Http2Connection.GoAway);
        var sent = 0;
        for (var stream = 1; stream < 200_000 && !end.IsCompleted; stream += 2, sent++)
        {
            if (!await connection.TrySendAsync(Http2Connection.Headers, Http2Connection.EndHeaders, stream, request) ||
                !await connection.TrySendAsync(Http2Connection.Reset, 0, stream, [0, 0, 0, 8]))
            {
                break;
            }
        }

        Assert.True(sent < 100_000, "The router let 100,000 streams be begun and reset.");
        Assert.True(await end is null or { Error: EnhanceYourCalm }, "another reason");
        await AssertServesAsync(router);
    }

    [Theory]
    [InlineData(16 * 1024)]
    [InlineData(100)]
    public async Task Headers_that_never_end_end_the_connection(int frameSize)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await StartAsync(upstream);
        using var connection = await Http2Connection.OpenAsync(router.Root);
        var more = Http2Connection.Encode(("x-a", new string('a', frameSize - 10)));
        await connection.TrySendAsync(Http2Connection.Headers, 0, 1, Http2Connection.Request("POST", ChatPath));

        var end = connection.ReadUntilAsync(Http2Connection.GoAway);
        var sent = 0;
        while (!end.IsCompleted && sent < 50_000_000 &&
            await connection.TrySendAsync(Http2Connection.Continuation, 0, 1, more))
        {
            sent += more.Length;
        }

        Assert.True(sent < 50_000_000, "The router read 50 MB of headers.");
        await end;
        await AssertServesAsync(router);
    }

    [Fact]
    public async Task Empty_continuations_are_ended_by_the_time_that_headers_have()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await StartAsync(upstream, limits => limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1));
        using var connection = await Http2Connection.OpenAsync(router.Root);
        await connection.TrySendAsync(Http2Connection.Headers, 0, 1, Http2Connection.Request("POST", ChatPath));

        var end = connection.ReadUntilAsync(Http2Connection.GoAway);
        while (!end.IsCompleted && await connection.TrySendAsync(Http2Connection.Continuation, 0, 1, []))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await end;
        await AssertServesAsync(router);
    }

    [Fact]
    public async Task One_header_above_the_limit_is_refused()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await StartAsync(upstream);
        using var connection = await Http2Connection.OpenAsync(router.Root);
        var block = Http2Connection.Request("GET", "/v1/models", ("x-a", new string('a', 40_000)));

        await connection.TrySendAsync(Http2Connection.Headers, Http2Connection.EndStream, 1, block[..16_000]);
        await connection.TrySendAsync(Http2Connection.Continuation, 0, 1, block[16_000..32_000]);
        await connection.TrySendAsync(Http2Connection.Continuation, Http2Connection.EndHeaders, 1, block[32_000..]);

        Assert.NotNull(await connection.ReadUntilAsync(Http2Connection.GoAway));
    }

    [Fact]
    public async Task More_requests_at_a_time_than_allowed_are_refused_and_those_before_go_on()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.HangAsync());
        await using var router = await StartAsync(upstream);
        using var connection = await Http2Connection.OpenAsync(router.Root);
        var request = Http2Connection.Request("POST", ChatPath, ("content-type", "application/json"));
        for (var i = 0; i <= ListenerLimits.StreamsPerConnection; i++)
        {
            await connection.TrySendAsync(Http2Connection.Headers, Http2Connection.EndHeaders, 1 + (2 * i), request);
            await connection.TrySendAsync(0, Http2Connection.EndStream, 1 + (2 * i), System.Text.Encoding.UTF8.GetBytes(Ask));
        }

        Assert.Equal((1 + (2 * ListenerLimits.StreamsPerConnection), RefusedStream), await connection.ReadUntilAsync(Http2Connection.Reset));
        await Eventually.HoldsAsync(() => upstream.Requests.Count == ListenerLimits.StreamsPerConnection);
    }

    [Theory]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("connection", "keep-alive")]
    [InlineData("X-Capital", "a")]
    [InlineData("x-a", "a\r\nx-b: c")]
    [InlineData("x-a\r\nx-b", "c")]
    [InlineData("x-stainless-a\r\nx-b", "c")]
    [InlineData("x-stainless-a", "a\r\nx-b: c")]
    [InlineData("x-stainless-a", "a\nx-b: c")]
    [InlineData(":path", "/v1/files")]
    public async Task Header_that_would_mean_something_else_in_http_1_reaches_no_backend(string name, string value)
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream.Url);
        using var connection = await Http2Connection.OpenAsync(router.Root);

        await connection.TrySendAsync(
            Http2Connection.Headers, Http2Connection.EndHeaders, 1,
            Http2Connection.Request("POST", ChatPath, ("content-type", "application/json"), (name, value)));
        await connection.TrySendAsync(0, Http2Connection.EndStream, 1, System.Text.Encoding.UTF8.GetBytes(Ask));

        while (await connection.ReadAsync() is { } frame && !frame.EndsExchange)
        {
        }

        Assert.Empty(upstream.Problems);
        Assert.All(upstream.Requests, r =>
        {
            Assert.Equal("/v1/chat/completions", r.Target);
            Assert.Contains("public-model", r.Body, StringComparison.Ordinal);
            Assert.All(["transfer-encoding", "x-a", "x-b", "x-stainless-a", "x-stainless-b"], h => Assert.Null(r.Header(h)));
        });
    }

    private static async Task AssertServesAsync(RunningRouter router)
    {
        using var other = await Http2Connection.OpenAsync(router.Root);
        await other.TrySendAsync(
            Http2Connection.Headers, Http2Connection.EndHeaders | Http2Connection.EndStream, 1, Http2Connection.Request("GET", "/v1/models"));
        while (await other.ReadAsync() is { } frame)
        {
            if (frame.Type == 0 && frame.Payload.Length > 0)
            {
                return;
            }
        }

        Assert.Fail("The router serves nobody else any more.");
    }

    private static Task<RunningRouter> StartAsync(ScriptedUpstream upstream, Action<KestrelServerLimits>? change = null) =>
        StartAsync(upstream.Url, change);

    private static Task<RunningRouter> StartAsync(Uri upstream, Action<KestrelServerLimits>? change = null) => RunningRouter.StartAsync(
        $$"""
        backends: { upstream: { kind: openai, url: {{upstream}} } }
        models: { public-model: { targets: [ { backend: upstream } ] } }
        """,
        services => services.Configure<KestrelServerOptions>(kestrel =>
        {
            ListenerLimits.Set(kestrel, RouterHost.MostConnections);
            kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2);
            change?.Invoke(kestrel.Limits);
        }));
}
