using AiRouter.Api.Backends.OpenAi;

namespace AiRouter.Api.Backends.Anthropic;

/// <summary>A translated request's body. Its memory is its own: nothing waits for it.</summary>
internal sealed class MessagesContent(byte[] json) : ForwardedContent
{
    /// <inheritdoc/>
    public override string ContentType => "application/json";

    /// <inheritdoc/>
    public override long Length => json.Length;

    /// <inheritdoc/>
    public override bool TryCopyTo(Span<byte> destination)
    {
        json.CopyTo(destination);
        return true;
    }

    /// <inheritdoc/>
    protected override async Task WriteAsync(Stream stream, CancellationToken cancellationToken) =>
        await stream.WriteAsync(json, cancellationToken);
}
