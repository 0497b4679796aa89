using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Realtime;

/// <summary>Backends that do not open a session: what the client is told, and who is asked instead (R24, R26).</summary>
public sealed class RealtimeFailoverTests
{
    private const string Told = """{"error":{"message":"backend-model says no","type":"some_error","param":null,"code":"some_code"}}""";

    [Theory]
    [InlineData(400, 400, "public-model says no")]
    [InlineData(401, 502, "backend_misconfigured")]
    [InlineData(403, 502, "backend_misconfigured")]
    [InlineData(404, 502, "backend_misconfigured")]
    [InlineData(429, 429, "public-model says no")]
    [InlineData(500, 500, "public-model says no")]
    [InlineData(503, 503, "public-model says no")]
    [InlineData(302, 502, "backend_misconfigured")]
    [InlineData(200, 502, "backend_protocol")]
    public async Task Refusal_of_the_backend_is_an_error_before_the_upgrade(int status, int passed, string told)
    {
        await using var backend = await RealtimeBackend.RefusingAsync(status, Told);
        await using var router = await RealtimeClient.RouterAsync(backend, c => c with
        {
            Models = new Dictionary<string, ModelConfig>
            {
                ["public-model"] = c.Models["public-model"] with { Retry = new RetryConfig { Attempts = 1 } },
            },
        });

        var answer = await router.RefusedAsync();

        Assert.Equal(passed, answer.Status);
        Assert.Contains(told, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("backend-model", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Next_target_is_asked_when_the_first_does_not_open(int status)
    {
        await using var first = await RealtimeBackend.RefusingAsync(status == 0 ? 500 : status, Told);
        await using var second = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(second, c => c with
        {
            Backends = new Dictionary<string, BackendConfig>(c.Backends)
            {
                ["first"] = new() { Url = status == 0 ? new Uri("http://127.0.0.1:1/v1") : first.Url },
            },
            Models = new Dictionary<string, ModelConfig>
            {
                ["public-model"] = new()
                {
                    Targets =
                    [
                        new TargetConfig { Backend = "first", Model = "first-model" },
                        new TargetConfig { Backend = "upstream", Model = "backend-model", Priority = 1 },
                    ],
                },
            },
            Server = new ServerConfig { ExposeBackend = true },
        });

        var client = await router.OpenAsync(options: o => o.CollectHttpResponseDetails = true);
        await client.SendAsync("hello");
        Assert.Equal("hello", (await client.ReceiveAsync()).Text);
        await client.CloseAsync();

        Assert.Equal("/v1/realtime?model=backend-model", second.Request.Target);
        Assert.Equal(status == 0 ? 0 : 1, first.Requests.Count);
        var headers = ((System.Net.WebSockets.ClientWebSocket)client.Socket).HttpResponseHeaders!;
        Assert.Equal(("upstream", "2"), (headers["x-airouter-backend"].Single(), headers["x-airouter-attempts"].Single()));
        Assert.Equal("public-model", headers["x-airouter-model"].Single());
    }

    [Fact]
    public async Task Answer_that_is_not_this_handshakes_is_502()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener);
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend, c => c with
        {
            Backends = new Dictionary<string, BackendConfig>
            {
                ["upstream"] = new() { Url = new Uri($"http://127.0.0.1:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}/v1") },
            },
        });

        var (status, body, _) = await router.RefusedAsync();

        Assert.Equal(502, status);
        Assert.Contains("backend_protocol", body, StringComparison.Ordinal);
        await answering;
    }

    private static async Task AnswerAsync(System.Net.Sockets.TcpListener listener)
    {
        using var connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        byte[] head =
        [
            .. "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"u8,
            .. "Sec-WebSocket-Accept: d3Jvbmc=\r\n\r\n"u8,
        ];
        await connection.GetStream().WriteAsync(head, TestContext.Current.CancellationToken);

        // Until the router has had enough.
        var buffer = new byte[1024];
        while (await connection.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken) > 0)
        {
        }
    }
}
