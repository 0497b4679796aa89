using System.Net;
using System.Net.Sockets;
using System.Text;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.Draining;

/// <summary>What becomes of requests when a real process gets SIGTERM.</summary>
public sealed class ShutdownTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_under_way_end_nobody_else_is_taken_and_the_process_ends_with_0()
    {
        await using var router = await StoppingRouter.StartAsync();
        var streamed = await router.BeginAsync(StoppingRouter.Streamed);
        var whole = await router.BeginAsync(StoppingRouter.Chat);
        using var idle = await IdleConnectionAsync(router);

        await router.TerminateAsync();

        using var ready = await router.Http.GetAsync("/health/ready", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("""{"status":"draining"}""", await ready.Content.ReadAsStringAsync(Cancelled));
        Assert.True(ready.Headers.ConnectionClose);
        using var live = await router.Http.GetAsync("/health/live", Cancelled);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        var refused = await router.PostAsync();
        Assert.Equal((503, "1", "close"), (refused.Status, refused.Header("Retry-After"), refused.Header("Connection")));
        Assert.Contains("\"code\":\"shutting_down\"", refused.Body, StringComparison.Ordinal);
        Assert.Equal(0, await idle.GetStream().ReadAsync(new byte[1], Cancelled));

        Assert.False(router.Process.HasEnded);
        router.GoOn();
        var (stream, json) = (await streamed, await whole);
        Assert.True(stream.IsWhole && stream.Body.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));
        Assert.Equal((200, "close", true), (json.Status, json.Header("Connection"), json.IsWhole));
        Assert.Equal(0, await router.EndedAsync());
    }

    [Fact]
    public async Task What_has_not_ended_in_time_is_told_so_in_its_own_form()
    {
        await using var router = await StoppingRouter.StartAsync(drainSeconds: 0.5);
        var chat = await router.BeginAsync(StoppingRouter.Streamed);
        var responses = await router.BeginAsync(StoppingRouter.Responses, "/v1/responses");
        var whole = await router.BeginAsync(StoppingRouter.Chat);

        await router.TerminateAsync();
        var (chatStream, responsesStream, json) = (await chat, await responses, await whole);

        Assert.Equal((503, true), (json.Status, json.IsWhole));
        Assert.Contains("\"code\":\"shutting_down\"", json.Body, StringComparison.Ordinal);
        Assert.Equal("1", json.Header("Retry-After"));

        // R40: the event, then an end without terminator.
        Assert.Equal((200, false), (chatStream.Status, chatStream.IsWhole));
        Assert.Contains("\"content\":\"one\"", chatStream.Body, StringComparison.Ordinal);
        Assert.Matches("data: \\{\"error\":\\{.*\"code\":\"shutting_down\"\\}\\}\n\n$", chatStream.Body);
        Assert.Equal((200, false), (responsesStream.Status, responsesStream.IsWhole));
        Assert.Matches("event: error\ndata: \\{\"type\":\"error\",\"code\":\"shutting_down\".*\n\n$", responsesStream.Body);
        Assert.Equal(0, await router.EndedAsync());
        Assert.Contains("3 requests had not ended", router.Process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[[hang-after:2]] Hi", 200)]
    [InlineData("[[hang]] Hi", 503)]
    public async Task Triton_stream_that_has_not_ended_in_time_is_told_so(string prompt, int status)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        var (process, http) = await ApiProcess.StartAsync(new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG_YAML"] = $$"""
                backends: { gpu: { kind: triton, url: "{{triton.Address}}" } }
                models: { m: { targets: [ { backend: gpu, model: ensemble } ] } }
                server: { drainSeconds: 1, authentication: none }
                """,
        });
        await using (process)
        using (http)
        {
            var hasBegun = false;
            var answer = RawHttp.PostAsync(
                http.BaseAddress!, "/v1/chat/completions",
                $$"""{"model":"m","stream":true,"messages":[{"role":"user","content":"{{prompt}}"}]}""",
                received: _ => Volatile.Write(ref hasBegun, true));
            await Eventually.HoldsAsync(() => triton.Requests.Count > 0 && (status == 503 || Volatile.Read(ref hasBegun)));
            await process.SignalAsync("TERM", Cancelled);

            var response = await answer;

            Assert.Equal(status, response.Status);
            Assert.Contains("\"code\":\"shutting_down\"", response.Body, StringComparison.Ordinal);
            Assert.Equal(status == 503, response.IsWhole);
            Assert.Equal(0, await process.EndedAsync(Cancelled));
        }
    }

    [Fact]
    public async Task Requests_that_wait_for_a_place_are_refused_at_once()
    {
        await using var router = await StoppingRouter.StartAsync(model: ", queue: { concurrentPerReplica: 1, maxWait: 3600 }");
        var first = await router.BeginAsync(StoppingRouter.Chat);
        var second = router.PostAsync();
        await Eventually.HoldsAsync(async () => (await router.Http.GetStringAsync("/metrics", Cancelled))
            .Split('\n').Any(l => l.StartsWith("airouter_queue_waiting{", StringComparison.Ordinal) && l.EndsWith("} 1", StringComparison.Ordinal)));

        await router.TerminateAsync();

        var refused = await second;
        Assert.Equal((503, "1"), (refused.Status, refused.Header("Retry-After")));
        Assert.Contains("\"code\":\"shutting_down\"", refused.Body, StringComparison.Ordinal);
        router.GoOn();
        Assert.Equal(200, (await first).Status);
        Assert.Equal(0, await router.EndedAsync());
        Assert.Single(router.Upstream.Requests);
    }

    /// <summary>A connection on which one request was answered, and that is kept alive.</summary>
    private static async Task<TcpClient> IdleConnectionAsync(StoppingRouter router)
    {
        var client = new TcpClient();
        await client.ConnectAsync(router.Http.BaseAddress!.Host, router.Http.BaseAddress.Port, Cancelled);
        await client.GetStream().WriteAsync("GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n"u8.ToArray(), Cancelled);
        var answer = new StringBuilder();
        var buffer = new byte[1024];
        while (!answer.ToString().EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal) && !answer.ToString().EndsWith('}'))
        {
            answer.Append(Encoding.UTF8.GetString(buffer, 0, await client.GetStream().ReadAsync(buffer, Cancelled)));
        }

        return client;
    }
}
