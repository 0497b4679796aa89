using AiRouter.Api.Requests;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>The client's JSON with edits: the pieces between them are sent from where they lie.</summary>
/// <param name="json">Held until it is released.</param>
/// <param name="edits">What is different.</param>
internal sealed class ForwardedJson(ReadOnlyMemory<byte> json, JsonEdits edits) : ForwardedContent
{
    /// <inheritdoc/>
    public override string ContentType => "application/json";

    /// <inheritdoc/>
    public override long Length { get; } = edits.ResultLength(json.Length);

    /// <inheritdoc/>
    public override bool TryCopyTo(Span<byte> destination)
    {
        edits.CopyTo(destination, json.Span);
        return true;
    }

    /// <inheritdoc/>
    protected override Task WriteAsync(Stream stream, CancellationToken cancellationToken) =>
        edits.WriteToAsync(stream, json, cancellationToken);
}
