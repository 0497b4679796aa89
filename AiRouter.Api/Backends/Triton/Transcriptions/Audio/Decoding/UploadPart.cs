using AiRouter.Api.Requests;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>The file of an upload.</summary>
/// <param name="Bytes">The whole upload.</param>
/// <param name="Start">Where the file begins.</param>
/// <param name="Length">How long it is.</param>
internal readonly record struct UploadPart(SpooledBytes Bytes, long Start, long Length)
{
    /// <summary>The file as decoders of ours read it.</summary>
    public UploadStream Open() => new(Bytes, Start, Length);

    /// <summary>Writes the file.</summary>
    public Task CopyToAsync(Stream target, CancellationToken cancellationToken) => Bytes.CopyAsync(target, Start, Length, cancellationToken);
}
