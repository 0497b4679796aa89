using AiRouter.Api.Draining;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Realtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.Sockets.Turns;

/// <summary>How connections of the Responses API end.</summary>
public sealed class TurnEndTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connection_that_has_lasted_long_enough_is_told_so_with_the_code_that_clients_know()
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var clock = new RunningClock();
        await using var router = await TurnClient.RouterAsync(
            backend, c => c with { Server = new ServerConfig { Realtime = new RealtimeConfig { MaxSeconds = 100, IdleSeconds = 10_000 } } },
            s => s.AddSingleton<TimeProvider>(clock.Time));
        var client = await router.ConnectAsync();
        await client.AskAsync();
        await client.ReceiveResponseAsync();

        clock.Speed = 100;

        await client.ReceiveErrorAsync(400, "websocket_connection_limit_reached");
        Assert.Equal(1000, (int)(await client.ReceiveAsync()).Status!);
        await client.AnswerCloseAsync();
        Assert.Equal(1000, (int)(await backend.Closed.Task.WaitAsync(Eventually.Deadline, Cancelled)).Status!);
    }

    [Fact]
    public async Task Connection_on_which_nothing_is_asked_is_told_so_and_closed()
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var clock = new RunningClock();
        await using var router = await TurnClient.RouterAsync(
            backend, c => c with { Server = new ServerConfig { Realtime = new RealtimeConfig { IdleSeconds = 100 } } },
            s => s.AddSingleton<TimeProvider>(clock.Time));
        var client = await router.ConnectAsync();

        clock.Speed = 100;

        await client.ReceiveErrorAsync(400, "session_idle");
        Assert.Equal(1000, (int)(await client.ReceiveAsync()).Status!);
        await client.AnswerCloseAsync();
        Assert.Empty(backend.Socket.Requests);
    }

    [Fact]
    public async Task Backend_that_does_not_answer_in_time_ends_the_turn_with_504_and_the_connection()
    {
        var log = new LogLines<AccessLog>();
        await using var backend = await TurnBackend.StartAsync((_, _, _) => Task.CompletedTask);
        await using var clock = new RunningClock();
        await using var router = await TurnClient.RouterAsync(
            backend, c => c with
            {
                Backends = new Dictionary<string, BackendConfig>
                {
                    ["upstream"] = c.Backends["upstream"] with { Timeouts = new TimeoutsConfig { FirstByte = 30 } },
                },
            },
            s => s.AddSingleton<TimeProvider>(clock.Time).AddSingleton<ILogger<AccessLog>>(log));
        var client = await router.ConnectAsync();
        await client.AskAsync();
        await Eventually.HoldsAsync(() => backend.Asked.Count == 1);

        clock.Speed = 100;

        await client.ReceiveErrorAsync(504, "backend_timeout");
        Assert.Equal(1011, (int)(await client.ReceiveAsync()).Status!);
        await client.AnswerCloseAsync();
        await Eventually.HoldsAsync(() => log.All.Count == 2);
        Assert.Contains(" 504 ", log.All[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backend_that_dies_ends_the_connection_with_an_event_and_1011()
    {
        var log = new LogLines<AccessLog>();
        await using var backend = await TurnBackend.StartAsync(async (end, asked, number) =>
        {
            await TurnBackend.BeginAsync(end, asked, number);
            end.Abort();
        });
        await using var router = await TurnClient.RouterAsync(backend, configure: s => s.AddSingleton<ILogger<AccessLog>>(log));
        var client = await router.ConnectAsync();

        await client.AskAsync();

        var told = (await client.ReceiveResponseAsync())[^1];
        Assert.Equal("backend_stream_broken", told.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(1011, (int)(await client.ReceiveAsync()).Status!);
        await client.AnswerCloseAsync();
        await Eventually.HoldsAsync(() => log.All.Any(
            l => l.Contains("cause=BackendStreamBroken", StringComparison.Ordinal) && l.Contains("model=public-model", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Close_of_the_backend_reaches_the_client_and_of_the_client_the_backend()
    {
        await using var backend = await TurnBackend.StartAsync(async (end, asked, number) =>
        {
            await TurnBackend.AnswerAsync(end, asked, number);
            await end.CloseAsync(1001, "backend-model is tired");
        });
        await using var router = await TurnClient.RouterAsync(backend);
        var client = await router.ConnectAsync();

        await client.AskAsync();
        await client.ReceiveResponseAsync();

        var close = await client.ReceiveAsync();
        Assert.Equal((1001, "public-model is tired"), ((int)close.Status!, close.Reason));
        await client.AnswerCloseAsync();
    }

    [Fact]
    public async Task Client_that_goes_in_the_middle_is_counted_by_what_had_come()
    {
        var log = new LogLines<AccessLog>();
        await using var backend = await TurnBackend.StartAsync(TurnBackend.BeginAsync);
        await using var router = await TurnClient.RouterAsync(backend, configure: s => s.AddSingleton<ILogger<AccessLog>>(log));
        var client = await router.ConnectAsync();
        await client.AskAsync();
        await client.ReceiveEventAsync();
        await client.ReceiveEventAsync();

        client.Abort();

        await Eventually.HoldsAsync(() => log.All.Count == 2);
        var line = Assert.Single(log.All, l => l.Contains("model=public-model", StringComparison.Ordinal));
        Assert.Contains(" 499 ", line, StringComparison.Ordinal);
        Assert.DoesNotContain(" out=0 ", line, StringComparison.Ordinal);
        Assert.Equal(1001, (int)(await backend.Closed.Task.WaitAsync(Eventually.Deadline, Cancelled)).Status!);
    }

    [Fact]
    public async Task R45_connection_of_a_key_that_is_taken_away_ends()
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(backend, TurnClient.Keyed);
        var client = await router.ConnectAsync(TurnClient.OurKey);
        await client.AskAsync();
        await client.ReceiveResponseAsync();

        router.Configuration.Update(router.Configuration.Current!.Config with { Keys = [TestConfigs.Key("other", "sk-air-other")] });

        await client.ReceiveErrorAsync(401, "invalid_api_key");
        Assert.Equal(1008, (int)(await client.ReceiveAsync()).Status!);
        await client.AnswerCloseAsync();
    }

    [Fact]
    public async Task Reload_that_changes_the_backend_asks_the_client_to_connect_again()
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(backend);
        var socket = await router.OpenRawAsync(TurnClient.Path);
        await socket.SendTextAsync("""{"type":"response.create","model":"public-model","input":"Hi"}""");
        await socket.ReceiveUntilAsync("response.completed");
        var current = router.Configuration.Current!.Config;

        router.Configuration.Update(current with
        {
            Backends = new Dictionary<string, BackendConfig>
            {
                ["upstream"] = current.Backends["upstream"] with { Timeouts = new TimeoutsConfig { Total = 77 } },
            },
        });
        await socket.SendTextAsync("""{"type":"response.create","model":"public-model","input":"Hi"}""");

        await socket.ReceiveUntilAsync("connection_outdated");
        Assert.Equal(1012, await socket.ReceiveCloseAsync());
    }

    [Fact]
    public async Task Stop_closes_a_connection_on_which_nothing_is_asked_at_once()
    {
        await using var backend = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(backend);
        var client = await router.ConnectAsync();
        await client.AskAsync();
        await client.ReceiveResponseAsync();

        router.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        await client.ReceiveErrorAsync(503, "shutting_down");
        Assert.Equal(1001, (int)(await client.ReceiveAsync()).Status!);
        await client.AnswerCloseAsync();
    }

    [Fact]
    public async Task Turn_that_a_stop_cuts_off_is_told_so_and_closed_with_1001()
    {
        await using var backend = await TurnBackend.StartAsync(TurnBackend.BeginAsync);
        await using var router = await TurnClient.RouterAsync(backend);
        var client = await router.ConnectAsync();
        await client.AskAsync();
        await client.ReceiveEventAsync();
        await client.ReceiveEventAsync();

        await router.Services.GetRequiredService<Drain>().CutAsync();

        await client.ReceiveErrorAsync(503, "shutting_down");
        Assert.Equal(1001, (int)(await client.ReceiveCloseAsync()).Status!);
        await client.AnswerCloseAsync();
    }
}
