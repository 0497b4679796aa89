using System.Buffers.Binary;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>
/// Finds the sound in a WAV file (RIFF, RF64 or BW64). Programs that write to a pipe do not know its length: 0, all ones, and more than
/// there is mean up to the end of the file.
/// </summary>
internal static class WaveFile
{
    private const int ChunkHead = 8;
    private const int MostChunks = 1024;

    /// <summary>The sound; null and what is wrong with the file when there is none to be found.</summary>
    public static IAudioSource? Open(Stream file, out string? problem)
    {
        WaveFormat? format = null;
        long? longLength = null;
        Span<byte> head = stackalloc byte[ChunkHead];
        Span<byte> chunk = stackalloc byte[WaveFormat.Most];
        file.Position = 12;
        for (var i = 0; i < MostChunks && file.ReadAtLeast(head, ChunkHead, throwOnEndOfStream: false) == ChunkHead; i++)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            var begin = file.Position;
            if (head.StartsWith("data"u8))
            {
                problem = format is null ? "it has no fmt chunk before its data" : null;
                return format is null ? null : new WaveSource(file, format, DataLength(length, longLength, file.Length - begin));
            }

            var read = file.ReadAtLeast(chunk, (int)Math.Min(length, WaveFormat.Most), throwOnEndOfStream: false);
            read = (int)Math.Min(read, length);
            if (head.StartsWith("fmt "u8))
            {
                if (read < WaveFormat.Least)
                {
                    problem = "its fmt chunk is too short";
                    return null;
                }

                format = WaveFormat.Read(chunk[..read], out problem);
                if (format is null)
                {
                    return null;
                }
            }
            else if (head.StartsWith("ds64"u8) && read >= 16)
            {
                longLength = BinaryPrimitives.ReadInt64LittleEndian(chunk[8..]);
            }

            // A chunk of an odd length has a byte behind it.
            file.Position = Math.Min(file.Length, begin + length + (length & 1));
        }

        problem = "it has no data chunk";
        return null;
    }

    private static long DataLength(uint said, long? longLength, long rest)
    {
        var length = said == uint.MaxValue ? longLength ?? 0 : said;
        return length > 0 && length <= rest ? length : rest;
    }
}
