using AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>Opens a file of sound that we decode ourselves, by what is in it, whatever it is called.</summary>
internal static class AudioFile
{
    /// <summary>What is taken, for clients.</summary>
    public const string Taken = "WAV (PCM of 8, 16, 24 or 32 bits, float, A-law or mu-law; 1 to 8 channels; any sample rate) and FLAC";

    private const int HeadLength = 64;

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

        file.Position = 0;
        problem = length == 0 ? "The file is empty."
            : CodedFormats.Of(file) is { } format ? NotTaken(format)
            : head.StartsWith("FORM"u8) ? $"The file is AIFF. Taken are: {Taken}."
            : $"The file is no sound in a format that is known here. Taken are: {Taken}.";
        return null;
    }

    /// <summary>What the sender of a file is told that only ffmpeg could decode.</summary>
    public static string NotTaken(CodedFormat format) =>
        $"The file is {format.Name}. Taken are: {Taken}. Where the router has ffmpeg beside it, " +
        $"{string.Join(", ", CodedFormats.All.Select(static f => f.Name))} are taken too.";

    private static bool IsWave(ReadOnlySpan<byte> head) =>
        (head.StartsWith("RIFF"u8) || head.StartsWith("RF64"u8) || head.StartsWith("BW64"u8)) && head[8..].StartsWith("WAVE"u8);
}
