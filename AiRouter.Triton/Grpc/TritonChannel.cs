using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;

namespace AiRouter.Triton.Grpc;

/// <summary>One HTTP/2 connection to the server, made when it is first used and again when it is lost.</summary>
internal sealed class TritonChannel : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly Action _reconnected;
    private int _connections;
    private int _inFlight;

    public TritonChannel(TritonClientOptions options, ILoggerFactory loggerFactory, Action reconnected)
    {
        _reconnected = reconnected;
        _channel = GrpcChannel.ForAddress(options.Address, new GrpcChannelOptions
        {
            HttpHandler = ConnectionHandlers.Create(options, OnConnected),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = options.MaxMessageBytes,
            MaxSendMessageSize = options.MaxMessageBytes,
            LoggerFactory = Quiet(loggerFactory),
        });
        Invoker = _channel.CreateCallInvoker();
    }

    public CallInvoker Invoker { get; }

    public int InFlight => Volatile.Read(ref _inFlight);

    public void Begin() => Interlocked.Increment(ref _inFlight);

    public void End() => Interlocked.Decrement(ref _inFlight);

    public void Dispose() => _channel.Dispose();

    /// <summary>
    /// A logger makes Grpc.Net.Client open a logging scope for every message, whatever it logs: 230 bytes a token
    /// (measured, docs/adr/0003). So it gets one only where somebody wants its details.
    /// </summary>
    private static ILoggerFactory? Quiet(ILoggerFactory loggerFactory) =>
        loggerFactory.CreateLogger("Grpc.Net.Client").IsEnabled(LogLevel.Debug) ? loggerFactory : null;

    private void OnConnected()
    {
        if (Interlocked.Increment(ref _connections) > 1)
        {
            _reconnected();
        }
    }
}
