using System.Net.Http.Headers;
using System.Net.WebSockets;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Realtime;

/// <summary>A router in front of a realtime backend, and clients of it.</summary>
internal static class RealtimeClient
{
    public const string Path = "/v1/realtime?model=public-model";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A router that knows <c>public-model</c>, at this backend <c>backend-model</c>.</summary>
    public static Task<RunningRouter> RouterAsync(
        RealtimeBackend backend,
        Func<RouterConfig, RouterConfig>? config = null,
        string? apiKey = null,
        Action<IServiceCollection>? configure = null)
    {
        var whole = new RouterConfig
        {
            Backends = new Dictionary<string, BackendConfig>
            {
                ["upstream"] = new() { Kind = BackendKind.OpenAi, Url = backend.Url, ApiKey = apiKey },
            },
            Models = new Dictionary<string, ModelConfig>
            {
                ["public-model"] = new() { Targets = [new TargetConfig { Backend = "upstream", Model = "backend-model" }] },
            },
        };
        return RunningRouter.StartAsync(config?.Invoke(whole) ?? whole, configure);
    }

    /// <summary>Opens a session.</summary>
    public static async Task<SocketEnd> OpenAsync(
        this RunningRouter router, string path = Path, Action<ClientWebSocketOptions>? options = null, HttpMessageInvoker? invoker = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        options?.Invoke(socket.Options);
        var url = new UriBuilder(new Uri(router.Root, path)) { Scheme = "ws" }.Uri;
        await socket.ConnectAsync(url, invoker, Cancelled);
        return new SocketEnd(socket, socket.Abort, Cancelled);
    }

    /// <summary>Opens one by the bytes.</summary>
    public static async Task<RawSocket> OpenRawAsync(this RunningRouter router, string path = Path)
    {
        var connection = new System.Net.Sockets.TcpClient();
        await connection.ConnectAsync(router.Root.Host, router.Root.Port, Cancelled);
        var socket = new RawSocket(connection);
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 101 ", await socket.ReadHeadAsync(), StringComparison.Ordinal);
        return socket;
    }

    /// <summary>Asks for a session that is refused.</summary>
    public static async Task<(int Status, string Body, HttpResponseHeaders Headers)> RefusedAsync(
        this RunningRouter router, string path = Path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
            [
                ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
                ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), .. headers,
            ])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await router.Http.SendAsync(request, Cancelled);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled), response.Headers);
    }
}
