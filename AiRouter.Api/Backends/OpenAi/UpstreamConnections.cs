namespace AiRouter.Api.Backends.OpenAi;

/// <summary>
/// The HTTP connections to one server, made at the first request: TLS files that cannot be read fail that request, not the
/// configuration around it, and the next request reads them again.
/// </summary>
/// <param name="create">Makes the handler; what it throws, the request throws.</param>
internal sealed class UpstreamConnections(Func<HttpMessageHandler> create) : IDisposable
{
    // A Lazy would keep a failure for ever, or have several first requests make one each and close only one of them.
    private readonly Lock _making = new();
    private HttpMessageInvoker? _invoker;

    /// <summary>Sends a request; returns with the head of the answer.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        (Volatile.Read(ref _invoker) ?? Make()).SendAsync(request, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => Volatile.Read(ref _invoker)?.Dispose();

    private HttpMessageInvoker Make()
    {
        lock (_making)
        {
            if (_invoker is null)
            {
                Volatile.Write(ref _invoker, new HttpMessageInvoker(create()));
            }

            return _invoker!;
        }
    }
}
