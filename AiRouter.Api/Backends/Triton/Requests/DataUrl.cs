using System.Buffers;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>Reads images out of <c>data:</c> URLs. Others are never fetched: a client must not choose where the router connects to.</summary>
internal static class DataUrl
{
    /// <summary>The largest image, as OpenAI's limit for one was.</summary>
    public const int MostBytes = 20 * 1024 * 1024;

    private const string Example = "data:image/png;base64,…";

    /// <summary>The image's file; null and why not.</summary>
    public static byte[]? ReadImage(string url, out string? problem)
    {
        problem = null;
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (!url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || comma < 0)
        {
            problem = $"images are not fetched from other servers. Send the image itself as a data URL ({Example}).";
            return null;
        }

        var head = url.AsSpan(5, comma - 5);
        if (!head.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ||
            !head.EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            problem = $"expected an image in base64 ({Example}).";
            return null;
        }

        var base64 = url.AsSpan(comma + 1);
        if (base64.Length / 4L * 3 > MostBytes + 2)
        {
            problem = $"an image has at most {MostBytes / 1024 / 1024} MiB.";
            return null;
        }

        if (Decode(base64) is not { } bytes)
        {
            problem = "its base64 is broken.";
            return null;
        }

        if (!IsImage(bytes))
        {
            problem = "this is no PNG, JPEG, GIF or WebP file.";
            return null;
        }

        return bytes;
    }

    private static byte[]? Decode(ReadOnlySpan<char> base64)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((base64.Length / 4 * 3) + 3);
        try
        {
            return Convert.TryFromBase64Chars(base64, buffer, out var length) ? buffer[..length] : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // By content: what a client calls it decides nothing.
    private static bool IsImage(ReadOnlySpan<byte> file) =>
        file.StartsWith(PngMark) || file.StartsWith(JpegMark) ||
        file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8) ||
        (file.Length > 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8));

    private static ReadOnlySpan<byte> PngMark => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> JpegMark => [0xFF, 0xD8, 0xFF];
}
