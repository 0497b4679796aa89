using System.Buffers.Binary;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>Reads one sample of a WAV file.</summary>
internal static class WaveSample
{
    private const float OfInt16 = 1f / 32_768;
    private const float OfInt24 = 1f / 8_388_608;
    private const float OfInt32 = 1f / 2_147_483_648;

    /// <summary>
    /// The sample at the beginning of the bytes, from -1 to 1. Floats beyond that are cut off, and those that are no numbers silent.
    /// </summary>
    public static float Read(WaveEncoding encoding, ReadOnlySpan<byte> bytes) => encoding switch
    {
        WaveEncoding.UInt8 => (bytes[0] - 128) / 128f,
        WaveEncoding.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes) * OfInt16,
        WaveEncoding.Int24 => ((bytes[0] << 8 | bytes[1] << 16 | bytes[2] << 24) >> 8) * OfInt24,
        WaveEncoding.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes) * OfInt32,
        WaveEncoding.Float32 => Cut(BinaryPrimitives.ReadSingleLittleEndian(bytes)),
        WaveEncoding.Float64 => Cut(BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
        WaveEncoding.ALaw => ALaw(bytes[0]) * OfInt16,
        _ => MuLaw(bytes[0]) * OfInt16,
    };

    private static float Cut(double value) => double.IsNaN(value) ? 0 : (float)Math.Clamp(value, -1, 1);

    /// <summary>ITU-T G.711, table 1: bits alternate, a sign, three bits of exponent, four of mantissa.</summary>
    private static int ALaw(byte code)
    {
        var bits = code ^ 0x55;
        var exponent = (bits >> 4) & 7;
        var mantissa = ((bits & 15) << 4) + 8;
        var level = exponent == 0 ? mantissa : (mantissa + 256) << (exponent - 1);
        return (bits & 0x80) != 0 ? level : -level;
    }

    /// <summary>ITU-T G.711, table 2: all bits inverted, a bias of 132.</summary>
    private static int MuLaw(byte code)
    {
        var bits = ~code;
        var level = (((bits & 15) << 3) + 132) << ((bits >> 4) & 7);
        return (bits & 0x80) != 0 ? 132 - level : level - 132;
    }
}
