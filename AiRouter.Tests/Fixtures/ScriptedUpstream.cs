using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.Fixtures;

/// <summary>A backend whose answers a test writes, byte by byte if need be; it keeps every request it got.</summary>
internal sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();

    private ScriptedUpstream(WebApplication app, string scheme)
    {
        _app = app;
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Url = new Uri($"{scheme}://localhost:{address.Port}/v1");
        if (scheme == "http")
        {
            Url = new Uri($"http://127.0.0.1:{address.Port}/v1");
        }
    }

    /// <summary>What a backend's <c>url</c> is set to.</summary>
    public Uri Url { get; }

    /// <summary>All requests so far.</summary>
    public ConcurrentQueue<RecordedRequest> Requests { get; } = [];

    /// <summary>The only request.</summary>
    public RecordedRequest Request => Assert.Single(Requests);

    /// <summary>How requests are answered.</summary>
    public Func<UpstreamCall, Task> Script { get; set; } = call => call.JsonAsync("{}");

    /// <summary>Starts one.</summary>
    /// <param name="script">How requests are answered.</param>
    /// <param name="listen">Sets up the listener (TLS); plain HTTP/1.1 by default.</param>
    public static async Task<ScriptedUpstream> StartAsync(
        Func<UpstreamCall, Task> script, Action<ListenOptions>? listen = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = true;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, options => listen?.Invoke(options));
        });
        var app = builder.Build();
        ScriptedUpstream? upstream = null;
        app.Run(http => upstream!.AnswerAsync(http));
        await app.StartAsync();
        upstream = new ScriptedUpstream(app, listen is null ? "http" : "https") { Script = script };
        return upstream;
    }

    /// <summary>Starts one that answers every request with this JSON.</summary>
    public static Task<ScriptedUpstream> StartAsync(string json) => StartAsync(call => call.JsonAsync(json));

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
        var request = await RecordedRequest.ReadAsync(http.Request);
        Requests.Enqueue(request);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _stopping.Token);
        try
        {
            await Script(new UpstreamCall(http, request, ends.Token));
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            request.Aborted.TrySetResult();
            http.Abort();
        }
    }
}
