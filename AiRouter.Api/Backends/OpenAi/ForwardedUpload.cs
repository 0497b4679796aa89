using AiRouter.Api.Requests;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>The client's upload with edits: what lies between them is sent from where it is.</summary>
internal sealed class ForwardedUpload : ForwardedContent
{
    private readonly UploadBody _upload;
    private readonly IReadOnlyList<FormEdit> _edits;

    /// <summary>Holds the upload until it is released.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="edits">What is different in it, by place.</param>
    public ForwardedUpload(UploadBody upload, params IReadOnlyList<FormEdit> edits)
    {
        _upload = upload;
        _edits = edits;
        if (upload.ContentType is not null)
        {
            Headers.TryAddWithoutValidation("Content-Type", upload.ContentType);
        }
    }

    /// <inheritdoc/>
    protected override long Length => _upload.Bytes.Length + _edits.Sum(e => e.Text.Length - e.Length);

    /// <inheritdoc/>
    protected override async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        var at = 0L;
        foreach (var edit in _edits)
        {
            await _upload.Bytes.CopyAsync(stream, at, edit.Start - at, cancellationToken);
            await stream.WriteAsync(edit.Text, cancellationToken);
            at = edit.Start + edit.Length;
        }

        await _upload.Bytes.CopyAsync(stream, at, _upload.Bytes.Length - at, cancellationToken);
    }
}
