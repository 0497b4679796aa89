using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using AiRouter.Triton.Contract;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.Triton.Fixtures;

/// <summary>
/// A gRPC server that does exactly what a test says. It frames messages itself, so that it can send what no gRPC
/// library would: malformed messages, resets, streams that end early.
/// </summary>
internal sealed class ScriptedTriton : IAsyncDisposable
{
    private const string Service = "/inference.GRPCInferenceService/";

    private readonly ConcurrentDictionary<ConnectionContext, bool> _connections = new();
    private WebApplication? _app;

    private ScriptedTriton()
    {
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The configuration of each model.</summary>
    public ConcurrentDictionary<string, ModelConfig> Models { get; } = new(StringComparer.Ordinal);

    /// <summary>What ServerMetadata tells; null: the server does not know the method.</summary>
    public string? Version { get; set; }

    /// <summary>Answers ModelStreamInfer.</summary>
    public Func<ModelInferRequest, ScriptedStream, Task> OnInfer { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Called before a configuration is sent.</summary>
    public Func<string, Task> OnModelConfig { get; set; } = _ => Task.CompletedTask;

    /// <summary>Sees each call before it is read, with the name of its method; true: it was answered, with whatever bytes.</summary>
    public Func<string, HttpContext, Task<bool>> Intercept { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Calls of ModelStreamInfer that have not ended.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>The requests of ModelStreamInfer, in order.</summary>
    public ConcurrentQueue<ModelInferRequest> Requests { get; } = new();

    /// <summary>The metadata of ModelStreamInfer calls, in order.</summary>
    public ConcurrentQueue<IHeaderDictionary> Headers { get; } = new();

    /// <summary>How often a model's configuration was asked for.</summary>
    public int ConfigReads => _configReads;

    private int _configReads;
    private int _running;

    /// <summary>Connections that stand.</summary>
    public int Connections => _connections.Count;

    public static async Task<ScriptedTriton> StartAsync(
        Action<KestrelServerOptions>? configure = null, Action<ListenOptions>? listen = null, int port = 0)
    {
        var server = new ScriptedTriton();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Limits.Http2.MaxStreamsPerConnection = int.MaxValue;
            options.Limits.MaxRequestBodySize = null;
            configure?.Invoke(options);
            options.Listen(IPAddress.Loopback, port, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http2;
                listen?.Invoke(endpoint);
                endpoint.Use(next => async connection =>
                {
                    server._connections[connection] = true;
                    await next(connection);
                    server._connections.TryRemove(connection, out _);
                });
            });
        });
        server._app = builder.Build();
        server._app.Run(server.ServeAsync);
        await server._app.StartAsync();
        server.Address = new Uri(server._app.Urls.First());
        return server;
    }

    /// <summary>Cuts all connections without a word.</summary>
    public void CutConnections()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Abort();
        }
    }

    /// <summary>Ends all connections as a server that goes away does: GOAWAY first.</summary>
    public void CloseConnections()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()!.RequestClose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            using var now = new CancellationTokenSource(TimeSpan.Zero);
            CutConnections();
            await _app.StopAsync(now.Token);
            await _app.DisposeAsync();
        }
    }

    private async Task ServeAsync(HttpContext context)
    {
        var method = context.Request.Path.Value!.Replace(Service, string.Empty, StringComparison.Ordinal);
        var isInference = method == "ModelStreamInfer";
        Interlocked.Add(ref _running, isInference ? 1 : 0);
        try
        {
            if (!await Intercept(method, context))
            {
                await AnswerAsync(method, context);
            }
        }
        finally
        {
            Interlocked.Add(ref _running, isInference ? -1 : 0);
        }
    }

    private async Task AnswerAsync(string method, HttpContext context)
    {
        var body = await ReadMessageAsync(context);
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        var stream = new ScriptedStream(context);
        switch (method)
        {
            case "ServerReady":
                await stream.WriteAsync(new ServerReadyResponse { Ready = true });
                break;
            case "ServerMetadata" when Version is not null:
                await stream.WriteAsync(new ServerMetadataResponse { Name = "triton", Version = Version });
                break;
            case "ModelConfig":
                Interlocked.Increment(ref _configReads);
                await WriteConfigAsync(ModelConfigRequest.Parser.ParseFrom(body).Name, stream);
                break;
            case "RepositoryIndex":
                var index = new RepositoryIndexResponse();
                index.Models.AddRange(Models.Keys.Select(
                    name => new RepositoryIndexResponse.Types.ModelIndex { Name = name, Version = "1", State = "READY" }));
                await stream.WriteAsync(index);
                break;
            case "ModelStreamInfer":
                var request = ModelInferRequest.Parser.ParseFrom(body);
                Headers.Enqueue(context.Request.Headers);
                Requests.Enqueue(request);
                await OnInfer(request, stream);
                break;
            default:
                stream.Status(12, "unknown method");
                break;
        }

        await stream.EndAsync();
    }

    private async Task WriteConfigAsync(string name, ScriptedStream stream)
    {
        await OnModelConfig(name);
        if (Models.TryGetValue(name, out var config))
        {
            await stream.WriteAsync(new ModelConfigResponse { Config = config });
        }
        else
        {
            stream.Status(5, $"Request for unknown model: '{name}' is not found");
        }
    }

    private static async Task<byte[]> ReadMessageAsync(HttpContext context)
    {
        var prefix = new byte[5];
        await context.Request.Body.ReadExactlyAsync(prefix);
        var message = new byte[BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1))];
        await context.Request.Body.ReadExactlyAsync(message);

        // Half-closed: nothing may follow the one request of a call.
        Assert.Equal(0, await context.Request.Body.ReadAsync(prefix));
        return message;
    }
}

/// <summary>The answer of one call.</summary>
internal sealed class ScriptedStream(HttpContext context)
{
    private (int Code, string Detail) _status = (0, string.Empty);

    /// <summary>Ends when the client has cancelled the call.</summary>
    public CancellationToken Cancelled => context.RequestAborted;

    /// <summary>Completes when the client has cancelled the call.</summary>
    public async Task WaitForCancelAsync()
    {
        var gone = new TaskCompletionSource();
        await using var registration = Cancelled.Register(gone.SetResult);
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    public Task WriteAsync(IMessage message) => WriteRawAsync(message.ToByteArray());

    /// <summary>Sends any bytes as one gRPC message.</summary>
    public Task WriteRawAsync(byte[] message) => WriteFramesAsync(Frame(message));

    /// <summary>Sends messages in one frame of HTTP/2, so that all have come when the first has.</summary>
    public Task WriteTogetherAsync(params IEnumerable<IMessage> messages) =>
        WriteFramesAsync([.. messages.SelectMany(message => Frame(message.ToByteArray()))]);

    private async Task WriteFramesAsync(byte[] frames)
    {
        await context.Response.Body.WriteAsync(frames);
        await context.Response.Body.FlushAsync();
    }

    private static byte[] Frame(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public void Status(int code, string detail) => _status = (code, detail);

    /// <summary>Resets the stream (RST_STREAM) with an HTTP/2 error code.</summary>
    public void Reset(int errorCode) => context.Features.Get<IHttpResetFeature>()!.Reset(errorCode);

    public async Task EndAsync()
    {
        await context.Response.StartAsync();
        context.Response.AppendTrailer("grpc-status", _status.Code.ToString(System.Globalization.CultureInfo.InvariantCulture));
        context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(_status.Detail));
    }
}
