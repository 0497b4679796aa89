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

namespace AiRouter.Tests.ServiceDefaults;

/// <summary>An OTLP collector on loopback, over HTTP/protobuf and over gRPC, that keeps what it was sent, or never answers.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _released = new();
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _exports = new();

    private OtlpCollector(bool hangs)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, static listener => listener.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, static listener => listener.Protocols = HttpProtocols.Http2);
        });
        _app = builder.Build();
        _app.Run(context => ReceiveAsync(context, hangs));
    }

    public string HttpEndpoint => Addresses[0];

    public string GrpcEndpoint => Addresses[1];

    private string[] Addresses =>
        [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    public static async Task<OtlpCollector> StartAsync(bool hangs = false)
    {
        var collector = new OtlpCollector(hangs);
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <summary>Whether an export of the signal (Trace, Metrics or Logs) has the text in it.</summary>
    public bool HasReceived(string signal, string text) => _exports.Any(export =>
        export.Path.Contains(signal, StringComparison.OrdinalIgnoreCase)
        && export.Body.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0);

    public async ValueTask DisposeAsync()
    {
        await _released.CancelAsync();
        await _app.DisposeAsync();
        _released.Dispose();
    }

    private async Task ReceiveAsync(HttpContext context, bool hangs)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _exports.Enqueue((context.Request.Path.Value!, body.ToArray()));
        if (hangs)
        {
            await Task.Delay(Timeout.Infinite, _released.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            return;
        }

        if (context.Request.ContentType == "application/grpc")
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
            context.Response.AppendTrailer("grpc-status", "0");
        }
        else
        {
            context.Response.ContentType = "application/x-protobuf";
        }
    }
}
