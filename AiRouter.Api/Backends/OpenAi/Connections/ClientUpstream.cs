namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>The way over .NET's HTTP client: TLS, and hosts that service discovery looks up.</summary>
/// <param name="createHandler">Makes the handler; what it throws, the request throws.</param>
internal sealed class ClientUpstream(Func<HttpMessageHandler> createHandler) : IUpstream
{
    private readonly UpstreamConnections _connections = new(createHandler);

    /// <inheritdoc/>
    public async ValueTask<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        var message = Message(request);
        HttpResponseMessage? response = null;
        try
        {
            response = await _connections.SendAsync(message, cancellationToken);
            Check(response);
            return new ClientResponse(message, response, await response.Content.ReadAsStreamAsync(cancellationToken));
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

    /// <summary>The request as .NET's client wants it.</summary>
    internal static HttpRequestMessage Message(UpstreamRequest request)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Address.Url)
        {
            Content = request.Content is { } content ? new ClientContent(content) : null,
        };
        foreach (var (name, value) in request.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        foreach (var (name, value) in request.Own.Lines)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    /// <summary>
    /// The client takes the first of two lengths, and reads on to the connection's end where a length is none; nobody knows what was
    /// meant (RFC 9112, 6.3).
    /// </summary>
    private static void Check(HttpResponseMessage response)
    {
        var headers = response.Content.Headers;
        if (headers.NonValidated.TryGetValues("Content-Length", out var lengths) && response.Headers.TransferEncodingChunked != true &&
            (headers.ContentLength is null || lengths.Distinct(StringComparer.Ordinal).Count() > 1))
        {
            throw new HttpRequestException(HttpRequestError.InvalidResponse, "The backend's answer has a Content-Length that is none.");
        }
    }
}
