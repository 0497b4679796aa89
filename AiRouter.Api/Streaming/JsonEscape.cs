using System.Buffers;
using System.Text;

namespace AiRouter.Api.Streaming;

/// <summary>
/// Writes UTF-8 text into a JSON string. Only what JSON demands is escaped (quote, backslash, control characters); everything
/// else stays as it is: fewer bytes, and clients that do not unescape <c>\u002B</c> read it right.
/// </summary>
internal static class JsonEscape
{
    /// <summary>A byte becomes so many at most: <c>\u001F</c>.</summary>
    public const int MostGrowth = 6;

    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    /// <summary>Writes <paramref name="text"/>, without quotes around it.</summary>
    public static void Write(IBufferWriter<byte> writer, ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var at = text.IndexOfAny(Escaped);
            if (at < 0)
            {
                writer.Write(text);
                return;
            }

            if (at > 0)
            {
                writer.Write(text[..at]);
            }

            writer.Advance(WriteEscape(writer.GetSpan(MostGrowth), text[at]));
            text = text[(at + 1)..];
        }
    }

    /// <summary>Writes <paramref name="text"/>, without quotes around it; the length of what was written.</summary>
    /// <param name="target">As long as the text with every byte escaped: <see cref="MostGrowth"/> times the text.</param>
    /// <param name="text">UTF-8.</param>
    public static int Write(Span<byte> target, ReadOnlySpan<byte> text)
    {
        var written = 0;
        while (true)
        {
            var at = text.IndexOfAny(Escaped);
            var plain = at < 0 ? text : text[..at];
            plain.CopyTo(target[written..]);
            written += plain.Length;
            if (at < 0)
            {
                return written;
            }

            written += WriteEscape(target[written..], text[at]);
            text = text[(at + 1)..];
        }
    }

    /// <summary>Writes <paramref name="text"/>, without quotes around it.</summary>
    public static void Write(IBufferWriter<byte> writer, string text)
    {
        Span<byte> small = stackalloc byte[128];
        var isSmall = Encoding.UTF8.TryGetBytes(text, small, out var length);
        Write(writer, isSmall ? small[..length] : Encoding.UTF8.GetBytes(text));
    }

    /// <summary>
    /// The longest beginning of <paramref name="text"/> that has at most <paramref name="most"/> bytes and does not end inside
    /// a code point.
    /// </summary>
    public static int WholeCodePoints(ReadOnlySpan<byte> text, int most)
    {
        if (text.Length <= most)
        {
            return text.Length;
        }

        var end = most;
        while (end > 0 && (text[end] & 0xC0) == 0x80)
        {
            end--;
        }

        // Not UTF-8 if there is no border in sight: then any place is as good.
        return end == 0 ? most : end;
    }

    private static int WriteEscape(Span<byte> span, byte value)
    {
        span[0] = (byte)'\\';
        var shortForm = value switch
        {
            (byte)'"' or (byte)'\\' => value,
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            (byte)'\b' => (byte)'b',
            (byte)'\f' => (byte)'f',
            _ => (byte)0,
        };
        if (shortForm != 0)
        {
            span[1] = shortForm;
            return 2;
        }

        "u00"u8.CopyTo(span[1..]);
        span[4] = "0123456789ABCDEF"u8[value >> 4];
        span[5] = "0123456789ABCDEF"u8[value & 0xF];
        return MostGrowth;
    }
}
