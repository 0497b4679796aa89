using System.IO.Compression;
using System.Text;

namespace AiRouter.Core.Configuration.Stored;

/// <summary>
/// Text as it lies in the store: UTF-8 as it is while short, so that <c>redis-cli</c> shows it; gzip above that, so that a
/// hundred versions of a large document are not a burden. The first byte tells which: no JSON begins as gzip does.
/// </summary>
internal static class PackedText
{
    private const int LongestPlain = 4096;
    private const byte FirstOfGzip = 0x1f;

    public static byte[] Pack(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        if (utf8.Length <= LongestPlain)
        {
            return utf8;
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(utf8);
        }

        return packed.ToArray();
    }

    public static string Unpack(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] != FirstOfGzip)
        {
            return Encoding.UTF8.GetString(bytes);
        }

        using var gzip = new GZipStream(new MemoryStream(bytes.ToArray()), CompressionMode.Decompress);
        using var text = new StreamReader(gzip, Encoding.UTF8);
        return text.ReadToEnd();
    }
}
