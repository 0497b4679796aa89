using AiRouter.Api.Draining;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Realtime;

/// <summary>Sessions that the router ends: for their length, for what they carried, for their key, for its own stop.</summary>
public sealed class RealtimeEndTests
{
    private const string OurKey = "sk-air-client-of-ours";

    [Fact]
    public async Task Session_that_carried_too_much_is_told_so_and_closed_with_1008()
    {
        await using var session = await RunningSession.StartAsync(new RealtimeConfig { MaxMiB = 1 });

        // The limit is for both directions, and the answers take half of it.
        for (var i = 0; i < 9; i++)
        {
            await session.Client.SendAsync(new byte[64 * 1024]);
        }

        await session.EndsAsync("session_too_large", 1008, 1000);
    }

    [Theory]
    [InlineData(100, 3600)]
    [InlineData(3600, 100)]
    public async Task Session_that_has_lasted_long_enough_is_told_so_and_closed(double maxSeconds, double total)
    {
        await using var session = await RunningSession.StartAsync(
            new RealtimeConfig { MaxSeconds = maxSeconds, IdleSeconds = 10_000 }, backend: b => b with
            {
                Timeouts = new TimeoutsConfig { Total = total },
            });

        session.Clock.Speed = 100;

        await session.EndsAsync("session_expired", 1000, 1000);
    }

    [Fact]
    public async Task Session_in_which_nobody_speaks_is_told_so_and_closed()
    {
        await using var session = await RunningSession.StartAsync(new RealtimeConfig { IdleSeconds = 100 });

        session.Clock.Speed = 100;

        await session.EndsAsync("session_idle", 1000, 1000);
    }

    [Fact]
    public async Task R45_session_of_a_key_that_is_taken_away_ends()
    {
        await using var session = await RunningSession.StartAsync(new RealtimeConfig(), OurKey);
        var router = session.Router;

        router.Configuration.Update(router.Configuration.Current!.Config with { Keys = [TestConfigs.Key("other", "sk-air-other")] });

        await session.EndsAsync("invalid_api_key", 1008, 1000);
    }

    [Fact]
    public async Task R45_session_of_a_key_that_expires_ends()
    {
        await using var session = await RunningSession.StartAsync(
            new RealtimeConfig(), OurKey, expires: clock => clock.GetUtcNow().AddSeconds(60));

        session.Clock.Speed = 100;

        await session.EndsAsync("invalid_api_key", 1008, 1000);
    }

    [Fact]
    public async Task Session_goes_on_over_a_reload_that_leaves_its_key()
    {
        await using var session = await RunningSession.StartAsync(new RealtimeConfig(), OurKey);
        var router = session.Router;
        var current = router.Configuration.Current!.Config;

        router.Configuration.Update(current with { Keys = [.. current.Keys, TestConfigs.Key("other", "sk-air-other")] });
        session.Clock.Speed = 100;
        await Eventually.HoldsAsync(() => session.Clock.Time.GetUtcNow() > session.Began.AddSeconds(10));

        await session.Client.SendAsync("still here");
        Assert.Equal("still here", (await session.Client.ReceiveAsync()).Text);
        await session.Client.CloseAsync();
    }

    [Fact]
    public async Task Session_that_a_stop_cuts_off_is_told_so_and_closed_with_1001()
    {
        await using var session = await RunningSession.StartAsync(new RealtimeConfig());

        await session.Router.Services.GetRequiredService<Drain>().CutAsync();

        await session.EndsAsync("shutting_down", 1001, 1001);
    }

    [Fact]
    public async Task Session_that_a_stop_cuts_off_in_the_middle_of_a_message_is_closed_without_a_word()
    {
        await using var backend = await RealtimeBackend.StartAsync(async end =>
        {
            await end.SendAsync("the beginning of", endOfMessage: false);
            await end.ReceiveCloseAsync();
            await end.AnswerCloseAsync();
        });
        await using var router = await RealtimeClient.RouterAsync(backend);
        var client = await router.OpenAsync();
        Assert.Equal(("the beginning of", false), await client.ReceivePieceAsync());

        await router.Services.GetRequiredService<Drain>().CutAsync();

        Assert.Equal(1001, (int)(await client.ReceiveAsync()).Status!);
        await client.AnswerCloseAsync();
    }

    [Fact]
    public async Task Client_that_answers_no_ping_is_taken_for_gone()
    {
        var closed = new TaskCompletionSource<SocketMessage>();
        await using var backend = await RealtimeBackend.StartAsync(async end =>
        {
            closed.SetResult(await end.ReceiveCloseAsync());
            await end.AnswerCloseAsync();
        });
        await using var router = await RealtimeClient.RouterAsync(backend, c => c with { Server = new ServerConfig { KeepAlive = 1 } });
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(router.Root.Host, router.Root.Port, TestContext.Current.CancellationToken);

        // It opens a session, and never reads on.
        await client.GetStream().WriteAsync(
            System.Text.Encoding.ASCII.GetBytes(
                $"GET {RealtimeClient.Path} HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"),
            TestContext.Current.CancellationToken);

        Assert.Equal(1001, (int)(await closed.Task.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken)).Status!);
    }

    [Fact]
    public async Task Process_that_stops_lets_a_session_go_on_and_then_cuts_it_off()
    {
        await using var backend = await RealtimeBackend.StartAsync();
        var (process, http) = await ApiProcess.StartAsync(new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG_YAML"] = $$"""
                backends: { up: { url: "{{backend.Url}}", probe: { enabled: false } } }
                models: { public-model: { targets: [ { backend: up } ] } }
                server: { drainSeconds: 1, authentication: none }
                """,
        });
        await using (process)
        using (http)
        using (var socket = new System.Net.WebSockets.ClientWebSocket())
        {
            socket.Options.Proxy = null;
            var url = new UriBuilder(new Uri(http.BaseAddress!, RealtimeClient.Path)) { Scheme = "ws" }.Uri;
            await socket.ConnectAsync(url, TestContext.Current.CancellationToken);
            var client = new SocketEnd(socket, socket.Abort, TestContext.Current.CancellationToken);
            await process.SignalAsync("TERM", TestContext.Current.CancellationToken);
            await process.WaitForOutputAsync("The router stops", TestContext.Current.CancellationToken);
            await client.SendAsync("still here");
            Assert.Equal("still here", (await client.ReceiveAsync()).Text);

            var told = await client.ReceiveEventAsync();
            Assert.Equal("shutting_down", told.GetProperty("error").GetProperty("code").GetString());
            Assert.Equal(1001, (int)(await client.ReceiveAsync()).Status!);
            await client.AnswerCloseAsync();
            Assert.Equal(0, await process.EndedAsync(TestContext.Current.CancellationToken));
        }
    }
}
