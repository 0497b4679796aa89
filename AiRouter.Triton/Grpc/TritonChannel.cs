using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;

namespace AiRouter.Triton.Grpc;

/// <summary>
/// One HTTP/2 connection to the server, made when it is first used and again when it is lost. It ends when nobody uses it any more: its
/// owner, who made it, and every call count.
/// </summary>
internal sealed class TritonChannel : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly Action _reconnected;
    private int _connections;
    private int _inFlight;
    private int _uses = 1;

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="options">Where, and how.</param>
    /// <param name="loggerFactory">For gRPC's own details.</param>
    /// <param name="reconnected">Called when a connection stands that is not the first.</param>
    /// <param name="isReplacement">It takes the place of another one, so its first connection is not the first either.</param>
    public TritonChannel(
        TritonClientOptions options, ILoggerFactory loggerFactory, Action reconnected, bool isReplacement = false)
    {
        _reconnected = reconnected;
        _connections = isReplacement ? 1 : 0;
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

    /// <summary>A call begins; false: it has ended already.</summary>
    public bool TryBegin()
    {
        for (var uses = Volatile.Read(ref _uses); uses > 0;)
        {
            var before = Interlocked.CompareExchange(ref _uses, uses + 1, uses);
            if (before == uses)
            {
                Interlocked.Increment(ref _inFlight);
                return true;
            }

            uses = before;
        }

        return false;
    }

    /// <summary>A call has ended.</summary>
    public void End()
    {
        Interlocked.Decrement(ref _inFlight);
        Leave();
    }

    /// <summary>Its owner takes it out of use; calls that run on it go on.</summary>
    public void Retire() => Leave();

    /// <summary>Ends it at once, with the calls that run on it.</summary>
    public void Dispose() => _channel.Dispose();

    /// <summary>
    /// A logger makes Grpc.Net.Client open a logging scope for every message, whatever it logs: 230 bytes a token
    /// (measured, docs/adr/0003). So it gets one only where somebody wants its details.
    /// </summary>
    private static ILoggerFactory? Quiet(ILoggerFactory loggerFactory) =>
        loggerFactory.CreateLogger("Grpc.Net.Client").IsEnabled(LogLevel.Debug) ? loggerFactory : null;

    private void Leave()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            _channel.Dispose();
        }
    }

    private void OnConnected()
    {
        if (Interlocked.Increment(ref _connections) > 1)
        {
            _reconnected();
        }
    }
}
