using System.Net;
using System.Net.Sockets;

namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>Opens a TCP connection.</summary>
internal static class SocketOpener
{
    /// <summary>Tries the host's addresses, one after the other, within the deadline for connecting.</summary>
    /// <exception cref="HttpRequestException">None can be reached.</exception>
    public static async ValueTask<Socket> OpenAsync(
        DnsEndPoint server, SocketSettings settings, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(
            TimeSpan.FromSeconds(settings.Backend.Timeouts.Connect), settings.TimeProvider);
        await using var _ = cancellationToken.UnsafeRegister(static d => ((CancellationTokenSource)d!).Cancel(), deadline);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(
                settings.Resolve is { } resolve ? await resolve(server, deadline.Token) : server, deadline.Token);

            // What is there can then be taken without waiting for more.
            socket.Blocking = false;
            return socket;
        }
        catch (Exception exception)
        {
            socket.Dispose();
            throw exception switch
            {
                OperationCanceledException when !cancellationToken.IsCancellationRequested => new HttpRequestException(
                    HttpRequestError.ConnectionError, "The connection did not stand in time.", new TimeoutException()),
                SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
                    new HttpRequestException(HttpRequestError.NameResolutionError, exception.Message, exception),
                SocketException => new HttpRequestException(HttpRequestError.ConnectionError, exception.Message, exception),
                OperationCanceledException => new OperationCanceledException(exception.Message, exception, cancellationToken),
                _ => exception,
            };
        }
    }
}
