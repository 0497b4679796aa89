using AiRouter.Admin;
using AiRouter.Api;
using AiRouter.Api.Requests;
using AiRouter.ServiceDefaults;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Management;
using AiRouter.Tests.Repository;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiRouter.Tests.Security;

/// <summary>What one client may take of a listener. Times are shortened here; the real ones are asserted by themselves.</summary>
public sealed class ListenerLimitTests(StoreServers servers)
{
    private const string Ask = """{"model":"public-model","messages":[{"role":"user","content":"x"}]}""";

    [Fact]
    public async Task Router_and_admin_have_the_limits_that_are_documented()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddRouterHost();
        await using var router = builder.Build();
        AssertLimits(router.Services, RouterHost.MostConnections);
        Assert.Equal((16 * 1024, null), (RouterHost.MostConnections, Of(router.Services).MaxRequestBodySize));

        await using var admin = await RunningAdmin.StartAsync(servers);
        AssertLimits(admin.Services, AdminHost.MostConnections);
        Assert.True(Of(admin.Services).MaxRequestBodySize is > 0 and <= 32 * 1024 * 1024);

        var document = await File.ReadAllTextAsync(
            Path.Combine(Checkout.Root, "docs", "security.md"), TestContext.Current.CancellationToken);
        Assert.All(
            ["8 KiB", "32 KiB", "| 100 |", "10 s", "130 s", "240 bytes/s", "16384", "1024", "431", "414", "408"],
            number => Assert.Contains(number, document, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Number_of_connections_can_be_set_and_nonsense_is_one_sentence()
    {
        var builder = WebApplication.CreateSlimBuilder(["--Kestrel:Limits:MaxConcurrentConnections", "77"]);
        builder.AddRouterHost();
        await using var router = builder.Build();
        Assert.Equal(77, Of(router.Services).MaxConcurrentConnections);

        var wrong = WebApplication.CreateSlimBuilder(["--Kestrel:Limits:MaxConcurrentConnections", "-1"]);
        Assert.Contains("is not a number of connections", Assert.Throws<InvalidOperationException>(() => wrong.AddRouterHost()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(414, "/v1/models?{9000}", "")]
    [InlineData(431, "/v1/models", "X-Long: {40000}\r\n")]
    [InlineData(431, "/v1/models", "{101}")]
    public async Task Oversized_head_is_refused(int status, string target, string headers)
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream);

        Assert.Equal([status], await StatusesAsync(router.Root, target, headers));

        await using var admin = await RunningAdmin.StartAsync(servers);
        Assert.Equal([status], await StatusesAsync(admin.Root, target.Replace("/v1/models", "/api/v1/config", StringComparison.Ordinal), headers));
    }

    [Theory]
    [InlineData("X-A: a\nX-B: b\r\n")]
    [InlineData("X-A: a\r\n\n")]
    public async Task Bare_line_feed_ends_no_line(string headers)
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream);
        await using var admin = await RunningAdmin.StartAsync(servers);

        Assert.Equal([400], await StatusesAsync(router.Root, "/v1/models", headers));
        Assert.Equal([400], await StatusesAsync(admin.Root, "/api/v1/config", headers));
    }

    [Fact]
    public async Task Admin_refuses_a_request_with_two_readings()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        using var connection = await RawConnection.OpenAsync(admin.Root);

        await connection.SendAsync(
            "PUT /api/v1/config HTTP/1.1\r\nHost: test\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
            "GET /health/live HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");

        Assert.Equal([400], RawConnection.Statuses(await connection.ReadUntilClosedAsync()));
    }

    [Fact]
    public async Task Headers_one_byte_at_a_time_end_with_408_while_others_are_served()
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream, limits => limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1));
        using var slow = await RawConnection.OpenAsync(router.Root);
        await slow.SendAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: test\r\nX-A: ");

        using var stop = new CancellationTokenSource();
        var trickle = TrickleAsync(slow, "a"u8.ToArray(), stop.Token);
        var ended = slow.ReadToEndAsync();
        Assert.True((await router.PostAsync("chat/completions", Ask)).IsSuccessStatusCode);

        Assert.Equal([408], RawConnection.Statuses(await ended));
        await stop.CancelAsync();
        await trickle;
    }

    [Fact]
    public async Task Body_one_byte_at_a_time_ends_with_408_and_gives_its_memory_back()
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(
            upstream, limits => limits.MinRequestBodyDataRate = new MinDataRate(ListenerLimits.BodyBytesPerSecond, TimeSpan.FromSeconds(2)));
        using var slow = await RawConnection.OpenAsync(router.Root);
        await slow.SendAsync(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{");
        var budget = router.Services.GetRequiredService<BodyBudget>();
        await Eventually.HoldsAsync(() => budget.Used > 0);

        using var stop = new CancellationTokenSource();
        var trickle = TrickleAsync(slow, " "u8.ToArray(), stop.Token);

        Assert.Equal([408], RawConnection.Statuses(await slow.ReadToEndAsync()));
        await Eventually.HoldsAsync(() => budget.Used == 0);
        await stop.CancelAsync();
        await trickle;
        Assert.Equal(0, upstream.Connections);
    }

    [Fact]
    public async Task Idle_connections_are_ended()
    {
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream, limits =>
        {
            // Time enough for a request to be sent, also on a slow machine.
            limits.KeepAliveTimeout = TimeSpan.FromSeconds(3);
            limits.RequestHeadersTimeout = TimeSpan.FromSeconds(3);
        });
        using var silent = await RawConnection.OpenAsync(router.Root);
        using var used = await RawConnection.OpenAsync(router.Root);
        await used.SendAsync("GET /v1/models HTTP/1.1\r\nHost: test\r\n\r\n");

        Assert.Equal([200], RawConnection.Statuses(await used.ReadToEndAsync()));
        Assert.Equal([], RawConnection.Statuses(await silent.ReadToEndAsync()));
    }

    [Fact]
    public async Task Hundreds_of_idle_connections_are_in_nobodys_way_until_the_limit()
    {
        const int Most = 200;
        await using var upstream = StrictUpstream.Start();
        await using var router = await StartAsync(upstream, limits =>
        {
            limits.MaxConcurrentConnections = Most;

            // None of them ends by itself meanwhile.
            limits.RequestHeadersTimeout = TimeSpan.FromMinutes(10);
        });
        var idle = new List<RawConnection>();
        try
        {
            for (var i = 0; i < Most - 1; i++)
            {
                idle.Add(await RawConnection.OpenAsync(router.Root));
                await idle[i].SendAsync(i % 2 == 0 ? "POST /v1/chat" : "");
            }

            // The last place works, however the others sit there; the connection behind it is closed at once.
            Assert.Equal([200], await StatusesAsync(router.Root, "/v1/models", "", keepsOpen: idle));
            using var tooMany = await RawConnection.OpenAsync(router.Root);
            Assert.Equal("", await tooMany.ReadToEndAsync());

            idle[0].Dispose();
            idle[1].Dispose();
            await Eventually.HoldsAsync(async () => (await TryStatusesAsync(router.Root)) is [200]);
        }
        finally
        {
            idle.ForEach(connection => connection.Dispose());
        }
    }

    private static async Task<IReadOnlyList<int>> StatusesAsync(
        Uri root, string target, string headers, List<RawConnection>? keepsOpen = null)
    {
        var connection = await RawConnection.OpenAsync(root);
        keepsOpen?.Add(connection);
        await connection.SendAsync($"GET {Fill(target)} HTTP/1.1\r\nHost: test\r\n{Fill(headers)}\r\n");
        if (keepsOpen is not null)
        {
            return RawConnection.Statuses(await connection.ReadUntilAsync("}"));
        }

        using (connection)
        {
            return RawConnection.Statuses(await connection.ReadToEndAsync());
        }
    }

    private static async Task<IReadOnlyList<int>> TryStatusesAsync(Uri root)
    {
        using var connection = await RawConnection.OpenAsync(root);
        return await connection.TrySendAsync("GET /v1/models HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"u8.ToArray())
            ? RawConnection.Statuses(await connection.ReadToEndAsync())
            : [];
    }

    private static string Fill(string text) => text
        .Replace("{9000}", new string('a', 9000), StringComparison.Ordinal)
        .Replace("{40000}", new string('a', 40_000), StringComparison.Ordinal)
        .Replace("{101}", string.Concat(Enumerable.Range(0, 101).Select(i => $"X-{i}: y\r\n")), StringComparison.Ordinal);

    private static async Task TrickleAsync(RawConnection connection, byte[] one, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && await connection.TrySendAsync(one))
        {
            try
            {
                await Task.Delay(100, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static KestrelServerLimits Of(IServiceProvider services) => services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

    private static void AssertLimits(IServiceProvider services, int connections)
    {
        var limits = Of(services);
        Assert.Equal(connections, limits.MaxConcurrentConnections);
        Assert.Equal((8 * 1024, 32 * 1024, 100), (limits.MaxRequestLineSize, limits.MaxRequestHeadersTotalSize, limits.MaxRequestHeaderCount));
        Assert.Equal((10, 130), (limits.RequestHeadersTimeout.TotalSeconds, limits.KeepAliveTimeout.TotalSeconds));
        Assert.Equal((240.0, 5.0), (limits.MinRequestBodyDataRate!.BytesPerSecond, limits.MinRequestBodyDataRate.GracePeriod.TotalSeconds));
        Assert.Equal((100, 32 * 1024), (limits.Http2.MaxStreamsPerConnection, limits.Http2.MaxRequestHeaderFieldSize));
        Assert.Equal((30, 20), (limits.Http2.KeepAlivePingDelay.TotalSeconds, limits.Http2.KeepAlivePingTimeout.TotalSeconds));
    }

    private static Task<RunningRouter> StartAsync(StrictUpstream upstream, Action<KestrelServerLimits>? change = null) => RunningRouter.StartAsync(
        $$"""
        backends: { upstream: { kind: openai, url: {{upstream.Url}} } }
        models: { public-model: { targets: [ { backend: upstream, model: backend-model } ] } }
        """,
        services => services.Configure<KestrelServerOptions>(kestrel =>
        {
            ListenerLimits.Set(kestrel, RouterHost.MostConnections);
            change?.Invoke(kestrel.Limits);
        }));
}
