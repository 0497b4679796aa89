using System.Text;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>The client's upload; of a form, the value of <c>model</c> is another one (or the part is added, before all others).</summary>
internal sealed class ForwardedUpload : ForwardedContent
{
    private readonly UploadBody _upload;
    private readonly long _at;
    private readonly long _removed;
    private readonly byte[] _text;

    /// <summary>Holds the upload until it is released.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="model">The model that the backend is asked for; null leaves everything as it is.</param>
    public ForwardedUpload(UploadBody upload, string? model)
    {
        _upload = upload;
        _text = [];
        if (upload.ContentType is not null)
        {
            Headers.TryAddWithoutValidation("Content-Type", upload.ContentType);
        }

        if (model is null || upload.Boundary is null)
        {
            return;
        }

        if (upload.Find("model") is { } part)
        {
            (_at, _removed, _text) = (part.ValueStart, part.ValueLength, Encoding.UTF8.GetBytes(model));
        }
        else
        {
            _at = upload.Parts.Count > 0 ? upload.Parts[0].Start : 0;
            _text = Encoding.UTF8.GetBytes(
                $"--{upload.Boundary}\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n{model}\r\n");
        }
    }

    /// <inheritdoc/>
    protected override long Length => _upload.Bytes.Length - _removed + _text.Length;

    /// <inheritdoc/>
    protected override async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        await _upload.Bytes.CopyAsync(stream, 0, _at, cancellationToken);
        await stream.WriteAsync(_text, cancellationToken);
        var rest = _at + _removed;
        await _upload.Bytes.CopyAsync(stream, rest, _upload.Bytes.Length - rest, cancellationToken);
    }
}
