namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>The formats that ffmpeg decodes for us, and how their files begin.</summary>
internal static class CodedFormats
{
    private const int HeadLength = 64;
    private const int TagHead = 10;

    private static readonly string[] VorbisDecoders = ["vorbis", "libvorbis"];
    private static readonly string[] OpusDecoders = ["opus", "libopus"];

    private static readonly CodedFormat Mp3 = new("MP3", "mp3", ["mp3float", "mp3"]);
    private static readonly CodedFormat Aac = new("AAC", "aac", ["aac"]);
    private static readonly CodedFormat Vorbis = new("Ogg Vorbis", "ogg", VorbisDecoders);
    private static readonly CodedFormat Opus = new("Ogg Opus", "ogg", OpusDecoders);
    private static readonly CodedFormat Mp4 = new("MP4 (M4A)", "mov", ["aac", "alac"]) { NeedsSeeking = true };
    private static readonly CodedFormat WebM = new("WebM (Matroska)", "matroska", [.. OpusDecoders, .. VorbisDecoders]);

    // One that begins with something else, such as a picture, may have sound all the same.
    private static readonly CodedFormat Ogg = new("Ogg", "ogg", [.. OpusDecoders, .. VorbisDecoders]);

    // EBML's first four bytes.
    private static readonly byte[] Matroska = [0x1A, 0x45, 0xDF, 0xA3];

    /// <summary>All that are told to operators and clients.</summary>
    public static IReadOnlyList<CodedFormat> All { get; } = [Mp3, Aac, Vorbis, Opus, Mp4, WebM];

    /// <summary>The only decoders that ffmpeg may use, whatever is in the file: pictures and video are not looked at.</summary>
    public static IReadOnlyList<string> Decoders { get; } = [.. All.SelectMany(static f => f.Decoders).Distinct()];

    /// <summary>The format of a file, by how it begins; null when it is none of them.</summary>
    public static CodedFormat? Of(Stream file)
    {
        Span<byte> bytes = stackalloc byte[HeadLength];
        var head = Read(file, 0, bytes);
        if (!head.StartsWith("ID3"u8))
        {
            return OfHead(head);
        }

        if (head.Length < TagHead)
        {
            return Mp3;
        }

        // The tag tells its length in four times seven bits; behind it, AAC too shows what it is.
        var length = (head[6] << 21) | (head[7] << 14) | (head[8] << 7) | head[9];
        return IsAac(Read(file, TagHead + length, bytes)) ? Aac : Mp3;
    }

    private static CodedFormat? OfHead(ReadOnlySpan<byte> head) =>
        head.StartsWith("OggS"u8) ? head.IndexOf("OpusHead"u8) >= 0 ? Opus : head.IndexOf("vorbis"u8) >= 0 ? Vorbis : Ogg
        : IsMpegFrame(head) ? Mp3
        : IsAac(head) ? Aac
        : head.Length >= 8 && head[4..].StartsWith("ftyp"u8) ? Mp4
        : head.StartsWith(Matroska) ? WebM
        : null;

    private static ReadOnlySpan<byte> Read(Stream file, long position, Span<byte> bytes)
    {
        file.Position = position;
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    /// <summary>Eleven bits set, then layer III.</summary>
    private static bool IsMpegFrame(ReadOnlySpan<byte> head) =>
        head.Length >= 2 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2;

    /// <summary>Twelve bits set, then layer 0 (ADTS).</summary>
    private static bool IsAac(ReadOnlySpan<byte> head) =>
        head.Length >= 2 && head[0] == 0xFF && (head[1] & 0xF6) == 0xF0;
}
