namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>A format of sound files that ffmpeg decodes for us.</summary>
/// <param name="Name">For clients and operators.</param>
/// <param name="Demuxer">What ffmpeg is told to read it with, so that nothing else can be made of the file.</param>
/// <param name="Decoders">Of which one at least must be there.</param>
internal sealed record CodedFormat(string Name, string Demuxer, IReadOnlyList<string> Decoders)
{
    /// <summary>It may have its table of contents at its end, so it cannot be read from a pipe.</summary>
    public bool NeedsSeeking { get; init; }
}
