namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>What the ffmpeg beside the router can do.</summary>
/// <param name="Path">The program; null when there is none that works.</param>
/// <param name="Formats">What it decodes.</param>
/// <param name="Problem">Why there are none, or not all of them; names no folder of the machine.</param>
internal sealed record FfmpegSupport(string? Path, IReadOnlyList<CodedFormat> Formats, string? Problem)
{
    /// <summary>For operators: what is taken, and what stands against the rest.</summary>
    public string Summary =>
        string.Join(", ", (string[])["WAV", "FLAC", .. Formats.Select(static f => f.Name)]) + (Problem is null ? "" : $" ({Problem})");

    /// <summary>Whether it decodes a format.</summary>
    public bool Has(CodedFormat format) =>
        Formats.Any(f => f.Demuxer == format.Demuxer && f.Decoders.Any(format.Decoders.Contains));
}
