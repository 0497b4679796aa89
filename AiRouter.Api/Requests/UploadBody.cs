namespace AiRouter.Api.Requests;

/// <summary>A body that is not read as JSON: an upload, relayed as it is but for the part called <c>model</c>.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="contentType">Its content type, boundary included, as the client wrote it.</param>
/// <param name="parts">Its parts; none when it is not multipart.</param>
/// <param name="boundary">What separates them.</param>
internal sealed class UploadBody(
    SpooledBytes bytes, string? contentType, IReadOnlyList<MultipartPart> parts, string? boundary) : RequestBody
{
    /// <summary>The bytes as the client sent them.</summary>
    public SpooledBytes Bytes => bytes;

    /// <summary>Its content type.</summary>
    public string? ContentType => contentType;

    /// <summary>Its parts.</summary>
    public IReadOnlyList<MultipartPart> Parts => parts;

    /// <summary>What separates them; null when it is not multipart.</summary>
    public string? Boundary => boundary;

    /// <summary>The part with this name, or null.</summary>
    public MultipartPart? Find(string name) => parts.FirstOrDefault(p => p.Name == name);

    /// <inheritdoc/>
    public override void Dispose() => bytes.Dispose();
}

/// <summary>One part of a multipart body, by offset.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="IsFile">It has a file name.</param>
/// <param name="Start">Where its delimiter begins.</param>
/// <param name="ValueStart">Where its content begins.</param>
/// <param name="ValueLength">How long its content is.</param>
internal sealed record MultipartPart(string Name, bool IsFile, long Start, long ValueStart, long ValueLength);
