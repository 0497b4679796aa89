using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>Opens sound files: WAV and FLAC are decoded here, what ffmpeg knows by it where there is one.</summary>
internal sealed class SoundReader(FfmpegProgram ffmpeg, FfmpegDecoder decoder)
{
    /// <summary>Finds out what a file is; null and an error when it cannot be heard. Nothing long is done yet.</summary>
    public async ValueTask<(Sound? Sound, ApiError? Error)> OpenAsync(
        UploadPart part, ServerConfig server, CancellationToken cancellationToken)
    {
        if (CodedFormats.Of(part.Open()) is not { } format)
        {
            return AudioFile.Open(part.Open(), out var problem) is { } source ? (new Sound(source), null) : (null, Refuse(problem!));
        }

        var support = server.Transcriptions.Decoders == 0 ? null : await ffmpeg.FindAsync().WaitAsync(cancellationToken);
        return support is { Path: { } path } && support.Has(format)
            ? (new Sound(token => decoder.DecodeAsync(path, part, format, server, token)), null)
            : (null, Refuse(AudioFile.NotTaken(format)));
    }

    private static ApiError Refuse(string problem) => new(ErrorCause.InvalidRequest, problem, "file");
}
