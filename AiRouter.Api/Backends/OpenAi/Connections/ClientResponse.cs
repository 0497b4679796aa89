namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>An answer that came over .NET's HTTP client.</summary>
internal sealed class ClientResponse(HttpRequestMessage request, HttpResponseMessage response, Stream body) : UpstreamResponse
{
    /// <inheritdoc/>
    public override int Status => (int)response.StatusCode;

    /// <inheritdoc/>
    public override long? ContentLength =>
        response.Headers.TransferEncodingChunked == true ? null : response.Content.Headers.ContentLength;

    /// <inheritdoc/>
    public override Stream Body => body;

    /// <inheritdoc/>
    public override string? Header(ResponseHeader header)
    {
        var name = ResponseHeaderNames.NameOf(header);
        return response.Headers.NonValidated.TryGetValues(name, out var values) ||
            response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        response.Dispose();
        request.Dispose();
    }
}
