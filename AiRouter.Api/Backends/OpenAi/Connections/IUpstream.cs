namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>
/// The HTTP connections of one backend. There are two ways: a plain socket for <c>http</c>, and .NET's client for everything else.
/// Both follow no redirect, keep no cookie, decode no body, and fail in the same words (<see cref="Failures"/>).
/// </summary>
internal interface IUpstream : IDisposable
{
    /// <summary>Sends a request; returns with the head of the answer, which may come before the whole body was sent.</summary>
    /// <param name="request">What is asked. Its body is read until <see cref="ForwardedContent.ReleasedAsync"/> has completed.</param>
    /// <param name="cancellationToken">Ends the wait; the connection is then closed.</param>
    /// <exception cref="HttpRequestException">There is no answer; it says how far it came.</exception>
    ValueTask<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken);
}
