using System.Net.Http.Headers;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>The client's JSON with edits: the pieces between them are sent from where they lie.</summary>
internal sealed class ForwardedJson : ForwardedContent
{
    private readonly ReadOnlyMemory<byte> _json;
    private readonly JsonEdits _edits;

    /// <summary>Holds both until it is released.</summary>
    public ForwardedJson(ReadOnlyMemory<byte> json, JsonEdits edits)
    {
        _json = json;
        _edits = edits;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <inheritdoc/>
    protected override long Length => _edits.ResultLength(_json.Length);

    /// <inheritdoc/>
    protected override Task WriteAsync(Stream stream, CancellationToken cancellationToken) =>
        _edits.WriteToAsync(stream, _json, cancellationToken);
}
