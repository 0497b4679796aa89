using System.Buffers.Binary;
using System.Text;
using AiRouter.Api.Backends.Triton.Transcriptions.Audio;

namespace AiRouter.Tests.Backends.Triton.Transcriptions.Audio;

/// <summary>Makes WAV files, and looks at what was read of them.</summary>
internal static class Waves
{
    /// <summary>A sine of so many hertz.</summary>
    public static float[] Sine(double hertz, double seconds, int rate = 16_000, double amplitude = 0.5) =>
        [.. Enumerable.Range(0, (int)Math.Round(seconds * rate))
            .Select(i => (float)(amplitude * Math.Sin(2 * Math.PI * hertz * i / rate)))];

    /// <summary>A file of 16 bits, one channel.</summary>
    public static byte[] File(float[] samples, int rate = 16_000) =>
        File(Format(1, 1, rate, 16), [.. samples.SelectMany(s => BitConverter.GetBytes((short)Math.Round(s * 32_767)))]);

    /// <summary>A file of these two chunks.</summary>
    public static byte[] File(byte[] format, byte[] data, uint? dataLength = null, string kind = "RIFF", byte[]? between = null) =>
        [.. Text(kind), .. UInt(uint.MaxValue), .. "WAVE"u8, .. between ?? [], .. "fmt "u8, .. UInt((uint)format.Length), .. format,
            .. "data"u8, .. UInt(dataLength ?? (uint)data.Length), .. data];

    /// <summary>A chunk of another kind.</summary>
    public static byte[] Chunk(string name, params byte[] content) =>
        [.. Text(name), .. UInt((uint)content.Length), .. content, .. new byte[content.Length % 2]];

    /// <summary>What stands in the <c>fmt</c> chunk.</summary>
    public static byte[] Format(int tag, int channels, int rate, int bits, int? frame = null) =>
        [.. UShort(tag), .. UShort(channels), .. UInt((uint)rate), .. UInt((uint)(rate * channels * bits / 8)),
            .. UShort(frame ?? channels * bits / 8), .. UShort(bits)];

    /// <summary>The extensible form: the real format is in the sub-format.</summary>
    public static byte[] Extensible(int tag, int channels, int rate, int bits) =>
        [.. Format(0xFFFE, channels, rate, bits), .. UShort(22), .. UShort(bits), .. UInt(3), .. UShort(tag),
            0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>Opens a file that can be played.</summary>
    public static IAudioSource Open(byte[] file)
    {
        var source = AudioFile.Open(new MemoryStream(file), out var problem);
        Assert.Null(problem);
        return source!;
    }

    /// <summary>Why a file cannot be played.</summary>
    public static string ProblemOf(byte[] file)
    {
        Assert.Null(AudioFile.Open(new MemoryStream(file), out var problem));
        return problem!;
    }

    /// <summary>All samples, read in pieces of an odd size.</summary>
    public static float[] ReadAll(IAudioSource source)
    {
        var samples = new List<float>();
        var piece = new float[777];
        int read;
        while ((read = source.Read(piece)) > 0)
        {
            samples.AddRange(piece.AsSpan(0, read));
        }

        return [.. samples];
    }

    /// <summary>The level of one frequency, by correlation: 1 is a sine from -1 to 1. The ends are left out.</summary>
    public static double LevelAt(double hertz, ReadOnlySpan<float> samples, int rate = 16_000)
    {
        var (sine, cosine, weight) = (0d, 0d, 0d);
        for (var i = 0; i < samples.Length; i++)
        {
            // A Hann window, so that other tones do not leak into this one.
            var window = 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / samples.Length));
            var angle = 2 * Math.PI * hertz * i / rate;
            sine += window * samples[i] * Math.Sin(angle);
            cosine += window * samples[i] * Math.Cos(angle);
            weight += window;
        }

        return 2 * Math.Sqrt((sine * sine) + (cosine * cosine)) / weight;
    }

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] UShort(int value) => BitConverter.GetBytes((ushort)value);

    private static byte[] UInt(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
