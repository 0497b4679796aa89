using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Backends.Anthropic;

/// <summary>The answer to a request that cannot be translated and was never sent.</summary>
internal sealed class RefusedResponse(ApiError error) : UpstreamResponse
{
    private readonly MemoryStream _body = new(error.ToJson(), writable: false);

    /// <inheritdoc/>
    public override int Status => error.EffectiveStatus;

    /// <inheritdoc/>
    public override long? ContentLength => _body.Length;

    /// <inheritdoc/>
    public override Stream Body => _body;

    /// <inheritdoc/>
    public override string? Header(ResponseHeader header) => header == ResponseHeader.ContentType ? "application/json" : null;

    /// <inheritdoc/>
    public override void Dispose() => _body.Dispose();
}
