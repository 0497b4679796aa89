using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Realtime;

/// <summary>An open session through a router whose clock can be let run faster; the backend sends back what it gets.</summary>
internal sealed class RunningSession : IAsyncDisposable
{
    private readonly TaskCompletionSource<SocketMessage> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RealtimeBackend? _backend;

    private RunningSession()
    {
    }

    public RunningClock Clock { get; } = new();

    public RunningRouter Router { get; private set; } = null!;

    public SocketEnd Client { get; private set; } = null!;

    /// <summary>When it was opened, by the clock.</summary>
    public DateTimeOffset Began { get; private set; }

    /// <summary>Opens one.</summary>
    /// <param name="limits">What ends it.</param>
    /// <param name="key">The client's key; null: nobody needs one.</param>
    /// <param name="backend">Changes the backend's configuration.</param>
    /// <param name="expires">When the key does; null: never.</param>
    public static async Task<RunningSession> StartAsync(
        RealtimeConfig limits, string? key = null, Func<BackendConfig, BackendConfig>? backend = null,
        Func<TimeProvider, DateTimeOffset>? expires = null)
    {
        var session = new RunningSession();
        session._backend = await RealtimeBackend.StartAsync(session.EchoAsync);
        session.Router = await RealtimeClient.RouterAsync(
            session._backend,
            c => c with
            {
                Backends = new Dictionary<string, BackendConfig>
                {
                    ["upstream"] = backend?.Invoke(c.Backends["upstream"]) ?? c.Backends["upstream"],
                },
                Keys = key is null ? [] : [TestConfigs.Key("k", key) with { Expires = expires?.Invoke(session.Clock.Time) }],
                Server = new ServerConfig { Realtime = limits },
            },
            configure: s => s.AddSingleton<TimeProvider>(session.Clock.Time));
        session.Began = session.Clock.Time.GetUtcNow();
        session.Client = await session.Router.OpenAsync(
            options: o => o.SetRequestHeader("Authorization", key is null ? "" : "Bearer " + key));
        return session;
    }

    /// <summary>The session ends: the client is told why, and both sides are closed.</summary>
    public async Task EndsAsync(string code, int toClient, int toBackend)
    {
        SocketMessage message;
        do
        {
            message = await Client.ReceiveAsync();
        }
        while (!message.IsClose && message.Type == System.Net.WebSockets.WebSocketMessageType.Binary);
        var told = System.Text.Json.JsonDocument.Parse(message.Bytes).RootElement;
        Assert.Equal("error", told.GetProperty("type").GetString());
        Assert.Equal(code, told.GetProperty("error").GetProperty("code").GetString());
        Assert.StartsWith("event_", told.GetProperty("event_id").GetString(), StringComparison.Ordinal);

        Assert.Equal(toClient, (int)(await Client.ReceiveAsync()).Status!);
        await Client.AnswerCloseAsync();
        Assert.Equal(toBackend, (int)(await _closed.Task.WaitAsync(TestContext.Current.CancellationToken)).Status!);
    }

    public async ValueTask DisposeAsync()
    {
        await Router.DisposeAsync();
        await _backend!.DisposeAsync();
        await Clock.DisposeAsync();
    }

    private async Task EchoAsync(SocketEnd end)
    {
        SocketMessage message;
        while (!(message = await end.ReceiveAsync()).IsClose)
        {
            await end.SendAsync(message.Bytes, message.Type);
        }

        _closed.TrySetResult(message);
        await end.AnswerCloseAsync();
    }
}
