namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>Opens a file of sound by what is in it, whatever it is called.</summary>
internal static class AudioFile
{
    /// <summary>What is taken, for clients.</summary>
    public const string Taken = "WAV (PCM of 8, 16, 24 or 32 bits, float, A-law or mu-law; 1 to 8 channels; any sample rate) and FLAC";

    private const int HeadLength = 64;

    // EBML's first four bytes.
    private static readonly byte[] Matroska = [0x1A, 0x45, 0xDF, 0xA3];

    /// <summary>The sound; null and what is wrong with the file, for its sender, when it cannot be played.</summary>
    public static IAudioSource? Open(Stream file, out string? problem)
    {
        var bytes = new byte[HeadLength];
        var length = file.ReadAtLeast(bytes, HeadLength, throwOnEndOfStream: false);
        var head = bytes.AsSpan(0, length);
        if (length >= 12 && IsWave(head))
        {
            var wave = WaveFile.Open(file, out problem);
            problem = problem is null ? null : $"The file is a WAV file that cannot be read: {problem}.";
            return wave;
        }

        if (head.StartsWith("fLaC"u8))
        {
            var flac = FlacSource.Open(file, out problem);
            problem = problem is null ? null : $"The file is a FLAC file that cannot be read: {problem}.";
            return flac;
        }

        problem = length == 0 ? "The file is empty."
            : NameOf(head) is { } name ? $"The file is {name}. Taken are: {Taken}."
            : $"The file is no sound in a format that is known here. Taken are: {Taken}.";
        return null;
    }

    private static bool IsWave(ReadOnlySpan<byte> head) =>
        (head.StartsWith("RIFF"u8) || head.StartsWith("RF64"u8) || head.StartsWith("BW64"u8)) && head[8..].StartsWith("WAVE"u8);

    private static string? NameOf(ReadOnlySpan<byte> head) =>
        head.StartsWith("OggS"u8) ? head.IndexOf("OpusHead"u8) >= 0 ? "Ogg Opus" : head.IndexOf("vorbis"u8) >= 0 ? "Ogg Vorbis" : "Ogg"
        : head.StartsWith("ID3"u8) || IsMpegFrame(head) ? "MP3"
        : head.Length >= 8 && head[4..].StartsWith("ftyp"u8) ? "MP4 (M4A)"
        : head.StartsWith(Matroska) ? "WebM (Matroska)"
        : head.StartsWith("FORM"u8) ? "AIFF"
        : null;

    /// <summary>Eleven bits set, then layer III.</summary>
    private static bool IsMpegFrame(ReadOnlySpan<byte> head) =>
        head.Length >= 2 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2;
}
