using System.Collections.Concurrent;
using System.Net;
using AiRouter.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.Realtime;

/// <summary>A backend with realtime sessions, whose side of each a test writes; by default it sends back what it gets.</summary>
internal sealed class RealtimeBackend : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();

    private RealtimeBackend(WebApplication app, string scheme)
    {
        _app = app;
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Url = new Uri($"{scheme}://{(scheme == "http" ? "127.0.0.1" : "localhost")}:{address.Port}/v1");
    }

    /// <summary>What a backend's <c>url</c> is set to.</summary>
    public Uri Url { get; }

    /// <summary>All requests so far.</summary>
    public ConcurrentQueue<RecordedRequest> Requests { get; } = [];

    /// <summary>The only request.</summary>
    public RecordedRequest Request => Assert.Single(Requests);

    /// <summary>Its side of a session.</summary>
    public Func<SocketEnd, Task> Script { get; set; } = EchoAsync;

    /// <summary>What it answers instead of opening one.</summary>
    public Func<HttpContext, Task>? Refuses { get; set; }

    /// <summary>The subprotocol that it chooses.</summary>
    public string? Protocol { get; set; }

    /// <summary>Starts one.</summary>
    /// <param name="script">Its side of a session.</param>
    /// <param name="listen">Sets up the listener (TLS); plain HTTP/1.1 by default.</param>
    public static async Task<RealtimeBackend> StartAsync(Func<SocketEnd, Task>? script = null, Action<ListenOptions>? listen = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, options => listen?.Invoke(options)));
        var app = builder.Build();
        app.UseWebSockets();
        RealtimeBackend? backend = null;
        app.Run(http => backend!.AnswerAsync(http));
        await app.StartAsync();
        backend = new RealtimeBackend(app, listen is null ? "http" : "https");
        backend.Script = script ?? EchoAsync;
        return backend;
    }

    /// <summary>Answers every request with this.</summary>
    public static async Task<RealtimeBackend> RefusingAsync(int status, string body)
    {
        var backend = await StartAsync();
        backend.Refuses = http =>
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = "application/json";
            return http.Response.WriteAsync(body);
        };
        return backend;
    }

    /// <summary>Sends back what it gets, and closes when it is asked to.</summary>
    public static async Task EchoAsync(SocketEnd end)
    {
        while (await end.ReceiveAsync() is { IsClose: false } message)
        {
            await end.SendAsync(message.Bytes, message.Type);
        }

        await end.AnswerCloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(deadline.Token);
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        Requests.Enqueue(await RecordedRequest.ReadAsync(http.Request));
        if (Refuses is { } refuses)
        {
            await refuses(http);
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync(Protocol);
        try
        {
            await Script(new SocketEnd(socket, http.Abort, _stopping.Token));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            http.Abort();
        }
    }
}
