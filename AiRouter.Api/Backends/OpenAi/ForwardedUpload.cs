using AiRouter.Api.Requests;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>The client's upload with edits: what lies between them is sent from where it is.</summary>
/// <param name="upload">Held until it is released.</param>
/// <param name="edits">What is different in it, by place.</param>
internal sealed class ForwardedUpload(UploadBody upload, params IReadOnlyList<FormEdit> edits) : ForwardedContent
{
    /// <inheritdoc/>
    public override string? ContentType => upload.ContentType;

    /// <inheritdoc/>
    public override long Length => upload.Bytes.Length + edits.Sum(e => e.Text.Length - e.Length);

    /// <inheritdoc/>
    protected override async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        var at = 0L;
        foreach (var edit in edits)
        {
            await upload.Bytes.CopyAsync(stream, at, edit.Start - at, cancellationToken);
            await stream.WriteAsync(edit.Text, cancellationToken);
            at = edit.Start + edit.Length;
        }

        await upload.Bytes.CopyAsync(stream, at, upload.Bytes.Length - at, cancellationToken);
    }
}
