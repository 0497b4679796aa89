using System.ComponentModel.DataAnnotations;

namespace AiRouter.Core.Configuration;

/// <summary>
/// Sound files that ffmpeg decodes for transcriptions on Triton: MP3, AAC, Ogg, M4A and WebM. Which ffmpeg, the environment says
/// (<c>AIROUTER_FFMPEG</c>).
/// </summary>
public sealed record TranscriptionsConfig
{
    /// <summary>Files that are decoded at the same time, 0 to 64, each by a process; more wait. 0: only WAV and FLAC are taken.</summary>
    [Range(0, 64)]
    public int Decoders { get; init; } = 4;

    /// <summary>Seconds that a file may take to be decoded, and before that may wait for its turn, 1 to 600.</summary>
    [Range(1.0, 600.0)]
    public double DecodeSeconds { get; init; } = 60;

    /// <summary>
    /// Decoded sound that waits to be transcribed, of all requests together, in MiB, 512 to 1048576; above it, 503. An hour takes 110
    /// MiB, in a file.
    /// </summary>
    [Range(512, 1_048_576)]
    public int MaxDecodedMiB { get; init; } = 4096;
}
