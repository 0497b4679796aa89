using System.Net.Sockets;
using System.Text;
using AiRouter.Tests.Fixtures;
using static AiRouter.Tests.Routing.Failover.FailoverRouter;

namespace AiRouter.Tests.Routing.Failover;

/// <summary>What the end of an attempt tells the health of its target: a breaker that opens at the first failure shows it.</summary>
public sealed class HealthReportTests
{
    private const string Path = "/v1/chat/completions";
    private const string Strict = "breaker: { failures: 1, open: 3600, maxOpen: 3600 }";

    [Fact]
    public async Task Stream_that_breaks_in_the_middle_is_a_failure() => Assert.True(await IsOutAfterAsync(AskStream, async call =>
    {
        await call.EventsAsync("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n");
        await UpstreamCall.BreakOffAsync();
    }));

    [Fact]
    public async Task Media_that_break_in_the_middle_are_a_failure() => Assert.True(await IsOutAfterAsync(
        """{"model":"m","input":"x","voice":"y"}""",
        async call =>
        {
            call.Http.Response.ContentType = "audio/mpeg";
            await call.WriteAsync(new string('x', 5000));
            await UpstreamCall.BreakOffAsync();
        },
        "/v1/audio/speech"));

    [Fact]
    public async Task Error_of_its_own_is_a_failure() =>
        Assert.True(await IsOutAfterAsync(Ask, call => call.JsonAsync("{}", 500)));

    [Fact]
    public async Task Timeout_is_a_failure() => Assert.True(await IsOutAfterAsync(Ask, call => call.HangAsync()));

    [Fact]
    public async Task Refusal_of_the_request_is_none() =>
        Assert.False(await IsOutAfterAsync(Ask, call => call.JsonAsync("{}", 400)));

    [Fact]
    public async Task R24_operators_fault_is_none() => Assert.False(await IsOutAfterAsync(Ask, call => call.JsonAsync("{}", 401)));

    [Fact]
    public async Task Too_much_to_do_is_none() =>
        Assert.False(await IsOutAfterAsync(Ask, call => call.JsonAsync("{}", 429, ("Retry-After", "60"))));

    [Fact]
    public async Task Client_that_stays_and_does_not_take_its_answer_says_nothing()
    {
        var answer = Answer.Replace("fine", new string('x', 32 * 1024 * 1024), StringComparison.Ordinal);
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync(answer));
        await using var router = await StartAsync([upstream.Url], backend: Strict + ", timeouts: { total: 2 }");
        using var client = new TcpClient();
        await client.ConnectAsync(router.Root.Host, router.Root.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {Path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {Ask.Length}\r\n\r\n{Ask}"),
            TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => upstream.Requests.Count == 1);

        await Eventually.HoldsAsync(() => router.Target(0).State.Load.InFlight == 0);
        Assert.False(router.Target(0).State.Health.Standing.IsOut);
    }

    [Fact]
    public async Task Client_that_leaves_says_nothing()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.HangAsync());
        await using var router = await StartAsync([upstream.Url], backend: Strict);
        using var leaves = new CancellationTokenSource();
        var asked = router.Http.PostAsync(
            "chat/completions", new StringContent(Ask, Encoding.UTF8, "application/json"), leaves.Token);
        await Eventually.HoldsAsync(() => upstream.Requests.Count == 1);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        await Eventually.HoldsAsync(() => router.Target(0).State.Load.InFlight == 0);
        Assert.False(router.Target(0).State.Health.Standing.IsOut);
    }

    private static async Task<bool> IsOutAfterAsync(string ask, Func<UpstreamCall, Task> script, string path = Path)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(script);
        await using var router = await StartAsync(
            [upstream.Url], "retry: { attempts: 1 }", backend: Strict + ", timeouts: { firstByte: 1 }");
        await RawHttp.PostAsync(router.Root, path, ask);
        await Eventually.HoldsAsync(() => router.Target(0).State.Load.InFlight == 0 && router.Target(0).Backend.InFlight == 0);
        return router.Target(0).State.Health.Standing.IsOut;
    }
}
