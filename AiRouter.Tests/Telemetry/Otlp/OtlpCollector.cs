using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Runtime.ExceptionServices;
using System.Text;
using AiRouter.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.Telemetry.Otlp;

/// <summary>
/// An OTLP collector on loopback, over HTTP/protobuf and over gRPC, that decodes and keeps what it is sent, or never answers.
/// </summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _released = new();
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _exports = new();
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentQueue<ReceivedPoint> _points = new();
    private readonly ConcurrentQueue<ReceivedLog> _logs = new();
    private ExceptionDispatchInfo? _unreadable;

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

    /// <summary>For <c>OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf</c>.</summary>
    public string HttpEndpoint => Addresses[0];

    /// <summary>For gRPC, OTLP's default.</summary>
    public string GrpcEndpoint => Addresses[1];

    /// <summary>All spans so far, in the order in which they came (a child before its parent).</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. _spans];

    /// <summary>All points of all metrics so far, in the order in which they came: of one series the newest is the last.</summary>
    public IReadOnlyList<ReceivedPoint> Points => [.. _points];

    /// <summary>All log records so far.</summary>
    public IReadOnlyList<ReceivedLog> Logs => [.. _logs];

    private string[] Addresses =>
        [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    public static async Task<OtlpCollector> StartAsync(bool hangs = false)
    {
        var collector = new OtlpCollector(hangs);
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <summary>What a process is to be told so that it sends to this collector at once.</summary>
    public IReadOnlyDictionary<string, string> Environment(bool overHttp = false) => new Dictionary<string, string>
    {
        ["OTLP_ENDPOINT"] = overHttp ? HttpEndpoint : GrpcEndpoint,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = overHttp ? "http/protobuf" : "grpc",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "50",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
    };

    /// <summary>Waits for a span.</summary>
    public async Task<ReceivedSpan> SpanAsync(Func<ReceivedSpan, bool> which)
    {
        await HoldsAsync(() => _spans.Any(which));
        return _spans.First(which);
    }

    /// <summary>Waits for a point of a metric; of those that fit the newest.</summary>
    public async Task<ReceivedPoint> PointAsync(string metric, Func<ReceivedPoint, bool>? which = null)
    {
        bool Fits(ReceivedPoint point) => point.Metric == metric && which?.Invoke(point) is not false;
        await HoldsAsync(() => _points.Any(Fits));
        return _points.Last(Fits);
    }

    /// <summary>Waits for a log record.</summary>
    public async Task<ReceivedLog> LogAsync(Func<ReceivedLog, bool> which)
    {
        await HoldsAsync(() => _logs.Any(which));
        return _logs.First(which);
    }

    /// <summary>Whether an export of the signal (trace, metrics or logs) has the text in it, wherever.</summary>
    public bool HasReceived(string signal, string text) => _exports.Any(export =>
        export.Path.Contains(signal, StringComparison.OrdinalIgnoreCase)
        && export.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public async ValueTask DisposeAsync()
    {
        await _released.CancelAsync();
        await _app.DisposeAsync();
        _released.Dispose();
    }

    // An export that cannot be read would be missed for the whole deadline, and nobody would know why.
    private Task HoldsAsync(Func<bool> condition) => Eventually.HoldsAsync(() =>
    {
        _unreadable?.Throw();
        return condition();
    });

    private async Task ReceiveAsync(HttpContext context, bool hangs)
    {
        var isGrpc = context.Request.ContentType == "application/grpc";
        var body = await ReadAsync(context, isGrpc);
        var path = context.Request.Path.Value!;
        _exports.Enqueue((path, body));
        try
        {
            Keep(path, body);
        }
        catch (Exception unreadable)
        {
            _unreadable = ExceptionDispatchInfo.Capture(unreadable);
            throw;
        }

        if (hangs)
        {
            await Task.Delay(Timeout.Infinite, _released.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            return;
        }

        if (isGrpc)
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

    /// <summary>The message: a gRPC call has one byte (is it compressed?) and its length before it.</summary>
    private static async Task<byte[]> ReadAsync(HttpContext context, bool isGrpc)
    {
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        var body = bytes.ToArray();
        var isCompressed = isGrpc ? body[0] == 1 : context.Request.Headers.ContentEncoding == "gzip";
        var message = isGrpc ? body[5..] : body;
        return isCompressed ? Decompress(message) : message;
    }

    private static byte[] Decompress(byte[] message)
    {
        using var gzip = new GZipStream(new MemoryStream(message), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }

    private void Keep(string path, byte[] body)
    {
        if (path.Contains("trace", StringComparison.OrdinalIgnoreCase))
        {
            Add(_spans, OtlpDecoder.Spans(body));
        }
        else if (path.Contains("metrics", StringComparison.OrdinalIgnoreCase))
        {
            Add(_points, OtlpDecoder.Points(body));
        }
        else if (path.Contains("logs", StringComparison.OrdinalIgnoreCase))
        {
            Add(_logs, OtlpDecoder.Logs(body));
        }
    }

    private static void Add<T>(ConcurrentQueue<T> queue, IEnumerable<T> items)
    {
        foreach (var item in items)
        {
            queue.Enqueue(item);
        }
    }
}
