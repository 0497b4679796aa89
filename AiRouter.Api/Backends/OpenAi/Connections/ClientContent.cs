using System.Net;

namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>A request's body as .NET's HTTP client wants it.</summary>
internal sealed class ClientContent : HttpContent
{
    private readonly ForwardedContent _content;

    /// <summary>For one request.</summary>
    public ClientContent(ForwardedContent content)
    {
        _content = content;
        if (content.ContentType is { } type)
        {
            Headers.TryAddWithoutValidation("Content-Type", type);
        }
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _content.WriteToAsync(stream, cancellationToken);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        _content.WriteToAsync(stream, CancellationToken.None);

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = _content.Length;
        return true;
    }
}
