using System.Buffers.Binary;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>What the <c>fmt</c> chunk of a WAV file says.</summary>
/// <param name="Encoding">How a sample is written.</param>
/// <param name="Channels">Samples of a frame.</param>
/// <param name="SampleRate">Frames in a second.</param>
internal sealed record WaveFormat(WaveEncoding Encoding, int Channels, int SampleRate)
{
    /// <summary>What the chunk has at least.</summary>
    public const int Least = 16;

    /// <summary>What of it is read: all up to the sub-format of the extensible form.</summary>
    public const int Most = 26;

    /// <summary>The most channels that are mixed to one.</summary>
    public const int MostChannels = 8;

    private const int LeastRate = 1_000;
    private const int MostRate = 384_000;
    private const ushort Extensible = 0xFFFE;

    /// <summary>Bytes of a sample.</summary>
    public int SampleSize => Encoding switch
    {
        WaveEncoding.Int16 => 2,
        WaveEncoding.Int24 => 3,
        WaveEncoding.Int32 or WaveEncoding.Float32 => 4,
        WaveEncoding.Float64 => 8,
        _ => 1,
    };

    /// <summary>Bytes of a frame.</summary>
    public int FrameSize => SampleSize * Channels;

    /// <summary>Reads the chunk; null and what is wrong with it when it is none that we can play.</summary>
    public static WaveFormat? Read(ReadOnlySpan<byte> chunk, out string? problem)
    {
        var tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        var frame = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        if (tag == Extensible && chunk.Length >= Most)
        {
            // The sub-format is a GUID that begins with the plain format's number.
            tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
        }

        problem = channels is < 1 or > MostChannels ? $"it has {channels} channels, and 1 to {MostChannels} are taken"
            : rate is < LeastRate or > MostRate ? $"its sample rate is {rate}, and {LeastRate} to {MostRate} are taken"
            : null;
        if (problem is null && EncodingOf(tag, bits) is { } encoding)
        {
            var format = new WaveFormat(encoding, channels, (int)rate);
            problem = frame == format.FrameSize ? null : $"its header says {frame} bytes a frame where {format.FrameSize} would be right";
            return problem is null ? format : null;
        }

        problem ??= $"its encoding (format {tag}, {bits} bits) is not PCM, float, A-law or mu-law";
        return null;
    }

    private static WaveEncoding? EncodingOf(int tag, int bits) => (tag, bits) switch
    {
        (1, 8) => WaveEncoding.UInt8,
        (1, 16) => WaveEncoding.Int16,
        (1, 24) => WaveEncoding.Int24,
        (1, 32) => WaveEncoding.Int32,
        (3, 32) => WaveEncoding.Float32,
        (3, 64) => WaveEncoding.Float64,
        (6, 8) => WaveEncoding.ALaw,
        (7, 8) => WaveEncoding.MuLaw,
        _ => null,
    };
}
