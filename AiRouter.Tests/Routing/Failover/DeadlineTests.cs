using System.Net;
using System.Net.Sockets;
using AiRouter.Tests.EndToEnd;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.Routing.Failover;

/// <summary>
/// Each deadline by itself: the one of the row is short, all others are longer than the test waits, so no other can be what ended the
/// attempt.
/// </summary>
public sealed class DeadlineTests
{
    private const string Path = "/v1/chat/completions";
    private const string Chunk = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n";

    [Theory]
    [InlineData("openai")]
    [InlineData("triton")]
    public async Task Connect_is_over_while_the_connection_is_being_made_secure(string kind)
    {
        // Takes connections and says nothing: the handshake never ends.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var router = await StartAsync(
            kind, new Uri($"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/{(kind == "openai" ? "v1" : "")}"), "connect: 0.3");

        foreach (var members in new[] { "", "\"stream\":true" })
        {
            var response = await RawHttp.PostAsync(router.Root, Path, Ask("x", members));

            Assert.Equal(502, response.Status);
            Assert.Contains("backend_unreachable", response.Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("firstByte: 0.3", "")]
    [InlineData("firstByte: 0.3", "\"stream\":true")]
    [InlineData("total: 0.3", "")]
    [InlineData("total: 0.3", "\"stream\":true")]
    public async Task Openai_backend_that_never_answers(string timeout, string members)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.HangAsync());
        await using var router = await StartAsync("openai", upstream.Url, timeout);

        Assert.Equal(504, (await RawHttp.PostAsync(router.Root, Path, Ask("x", members))).Status);
        await upstream.Request.Aborted.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("idle: 0.3", "")]
    [InlineData("idle: 0.3", "\"stream\":true")]
    [InlineData("total: 0.5", "")]
    [InlineData("total: 0.5", "\"stream\":true")]
    public async Task Openai_backend_that_stops_in_the_middle(string timeout, string members)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            call.Http.Response.ContentType = members.Length > 0 ? "text/event-stream" : "application/json";
            await call.WriteAsync(members.Length > 0 ? Chunk : "{\"id\":");
            await call.HangAsync();
        });
        await using var router = await StartAsync("openai", upstream.Url, timeout);

        var response = await RawHttp.PostAsync(router.Root, Path, Ask("x", members));

        Assert.Equal(members.Length > 0 ? 200 : 504, response.Status);
        Assert.Contains("backend_timeout", response.Body, StringComparison.Ordinal);
        await upstream.Request.Aborted.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"stream\":true")]
    public async Task Openai_backend_that_goes_on_for_longer_than_everything_may_take(string members)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            call.Http.Response.ContentType = members.Length > 0 ? "text/event-stream" : "application/json";
            while (true)
            {
                await call.WriteAsync(members.Length > 0 ? Chunk : " ");
                await Task.Delay(20, call.Ended);
            }
        });
        await using var router = await StartAsync("openai", upstream.Url, "total: 0.5");

        Assert.Contains(
            "backend_timeout", (await RawHttp.PostAsync(router.Root, Path, Ask("x", members))).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("firstByte: 0.3", "[[start:20000]][[say:x]]", "")]
    [InlineData("firstByte: 0.3", "[[start:20000]][[say:x]]", "\"stream\":true")]
    [InlineData("idle: 0.3", "[[tokens:2]][[delay:5000]]", "\"stream\":true")]
    [InlineData("total: 0.5", "[[start:20000]][[say:x]]", "")]
    [InlineData("total: 0.5", "[[tokens:1000]][[delay:30]]", "\"stream\":true")]
    public async Task Triton_that_takes_too_long(string timeout, string prompt, string members)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var router = await StartAsync("triton", triton.Address, timeout);

        var response = await RawHttp.PostAsync(router.Root, Path, Ask(prompt, members));

        Assert.Contains("backend_timeout", response.Body, StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => triton.InFlight == 0);
    }

    private static string Ask(string prompt, string members) => TritonRouter.Chat(prompt, members, "m");

    private static Task<RunningRouter> StartAsync(string kind, Uri url, string timeout)
    {
        var timeouts = new[] { "connect: 60", "firstByte: 60", "idle: 60", "total: 60" }
            .Select(other => other.Split(':')[0] == timeout.Split(':')[0] ? timeout : other);
        return RunningRouter.StartAsync(
            $$"""
            backends: { b: { kind: {{kind}}, url: "{{url}}", timeouts: { {{string.Join(", ", timeouts)}} } } }
            models: { m: { targets: [ { backend: b, model: ensemble } ], retry: { attempts: 1 } } }
            """);
    }
}
