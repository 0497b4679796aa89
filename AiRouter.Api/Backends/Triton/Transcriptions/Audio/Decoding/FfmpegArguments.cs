using System.Globalization;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>
/// How ffmpeg is asked. It may read one input, of the format that we have found, with the decoders of the formats that we name: no
/// playlist, script or link in a file leads anywhere, and no video decoder runs.
/// </summary>
internal static class FfmpegArguments
{
    /// <summary>What it may allocate in one piece, 256 MiB.</summary>
    private const int MostAllocated = 256 * 1024 * 1024;

    private static readonly string Decoders = string.Join(',', CodedFormats.Decoders);
    private static readonly string SampleRate = AudioWindows.SampleRate.ToString(CultureInfo.InvariantCulture);

    /// <summary>The arguments.</summary>
    /// <param name="format">The file's.</param>
    /// <param name="path">Where the file is; null: it comes through standard input.</param>
    public static IReadOnlyList<string> Of(CodedFormat format, string? path)
    {
        var protocol = path is null ? "pipe" : "file";
        return
        [
            "-nostdin", "-hide_banner", "-loglevel", "error",
            "-max_alloc", MostAllocated.ToString(CultureInfo.InvariantCulture),
            "-protocol_whitelist", protocol, "-format_whitelist", format.Demuxer, "-codec_whitelist", Decoders,
            "-threads", "1", "-f", format.Demuxer, "-i", path is null ? "pipe:0" : $"file:{path}",
            "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1",
            "-threads", "1", "-filter_threads", "1", "-ac", "1", "-ar", SampleRate, "-c:a", "pcm_s16le", "-f", "s16le", "pipe:1",
        ];
    }
}
