using System.Net;
using System.Net.Sockets;
using System.Text;
using AiRouter.Core.Metering;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Telemetry.Otlp;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Draining;

/// <summary>What a real process still sends when it stops, and what may not hold it up.</summary>
public sealed class StopFlushTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Collector_that_answers_nothing_does_not_hold_it_up()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        await using var router = await StoppingRouter.StartAsync(
            environment: ("OTLP_ENDPOINT", $"http://127.0.0.1:{((IPEndPoint)collector.LocalEndpoint).Port}"));
        router.GoOn();
        Assert.Equal(200, (await router.PostAsync()).Status);

        await router.TerminateAsync();

        Assert.Equal(0, await router.EndedAsync());
    }

    [Fact]
    public async Task Request_that_ends_during_the_stop_is_in_the_telemetry()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var router = await StoppingRouter.StartAsync(environment: ("OTLP_ENDPOINT", collector.GrpcEndpoint));
        var late = await router.BeginAsync(StoppingRouter.Chat);
        await router.TerminateAsync();

        router.GoOn();
        Assert.Equal(200, (await late).Status);
        Assert.Equal(0, await router.EndedAsync());

        Assert.True(collector.HasReceived("traces", "/v1/chat/completions"));
        Assert.True(collector.HasReceived("metrics", "gen_ai.server.request.duration"));
    }

    [Fact]
    public async Task Request_that_ends_during_the_stop_is_in_the_usage()
    {
        await using var redis = await RedisServer.StartAsync();
        var folder = Directory.CreateTempSubdirectory("airouter-draining-");
        try
        {
            await using var router = await StoppingRouter.StartAsync(
                environment: [("ConnectionStrings__redis", redis.ConnectionString), ("AIROUTER_DATA", folder.FullName)]);
            var late = await router.BeginAsync(StoppingRouter.Chat);
            await router.TerminateAsync();
            router.GoOn();
            Assert.Equal(200, (await late).Status);
            Assert.Equal(0, await router.EndedAsync());

            await using var store = new RedisStore(
                new RedisStoreOptions { ConnectionString = redis.ConnectionString }, TimeProvider.System, NullLogger<RedisStore>.Instance);
            await store.StartAsync(Cancelled);
            var now = TimeProvider.System.GetUtcNow();
            var rows = await new UsageStore(store, TimeProvider.System).QueryAsync(
                new UsageQuery(now.AddHours(-1), now.AddHours(1), null, [UsageDimension.Model]), Cancelled);
            Assert.Equal("m", Assert.Single(rows).Model);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Store_that_hangs_does_not_hold_it_up()
    {
        await using var redis = await RedisServer.StartAsync();
        var folder = Directory.CreateTempSubdirectory("airouter-draining-");
        try
        {
            await using var router = await StoppingRouter.StartAsync(
                model: ", limits: { requestsPerMinute: 1000 }",
                environment: [("ConnectionStrings__redis", redis.ConnectionString), ("AIROUTER_DATA", folder.FullName)]);
            var late = await router.BeginAsync(StoppingRouter.Chat);
            redis.Freeze();
            await router.TerminateAsync();
            router.GoOn();

            Assert.Equal(200, (await late).Status);
            Assert.Equal(0, await router.EndedAsync());
        }
        finally
        {
            redis.Thaw();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Client_that_does_not_read_does_not_hold_it_up()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            await call.BeginEventsAsync();
            var text = new string('x', 4096);
            while (true)
            {
                await call.WriteAsync(
                    $$$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"{{{text}}}"}}]}""" + "\n\n");
            }
        });
        var (process, http) = await ApiProcess.StartAsync(new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG_YAML"] = $$"""
                backends: { up: { url: "{{upstream.Url}}", probe: { enabled: false } } }
                models: { m: { targets: [ { backend: up } ] } }
                server: { drainSeconds: 1, authentication: none }
                """,
        });
        await using (process)
        using (http)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(http.BaseAddress!.Host, http.BaseAddress.Port, Cancelled);
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n" +
                $"Content-Length: {StoppingRouter.Streamed.Length}\r\n\r\n{StoppingRouter.Streamed}"), Cancelled);
            await Eventually.HoldsAsync(() => !upstream.Requests.IsEmpty);

            await process.SignalAsync("TERM", Cancelled);

            Assert.Equal(0, await process.EndedAsync(Cancelled));
        }
    }
}
