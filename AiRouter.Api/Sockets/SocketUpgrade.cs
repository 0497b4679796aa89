using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.OpenAi.Connections;

namespace AiRouter.Api.Sockets;

/// <summary>
/// The connections of one backend that become WebSockets. They go by .NET's HTTP client, whose answer to an upgrade is the connection
/// itself.
/// </summary>
/// <param name="createHandler">Makes the handler; what it throws, the request throws.</param>
internal sealed class SocketUpgrade(Func<HttpMessageHandler> createHandler) : IDisposable
{
    private readonly UpstreamConnections _connections = new(createHandler);

    /// <summary>Sends the request; returns with the head of the answer. Only what both have in them has to be disposed.</summary>
    /// <exception cref="HttpRequestException">There is no answer; it says how far it came.</exception>
    public async ValueTask<(HttpResponseMessage Head, UpstreamResponse Answer)> SendAsync(
        UpstreamRequest request, CancellationToken cancellationToken)
    {
        var message = ClientUpstream.Message(request);
        HttpResponseMessage? response = null;
        try
        {
            response = await _connections.SendAsync(message, cancellationToken);
            return (response, new ClientResponse(message, response, await response.Content.ReadAsStreamAsync(cancellationToken)));
        }
        catch
        {
            response?.Dispose();
            message.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connections.Dispose();
}
