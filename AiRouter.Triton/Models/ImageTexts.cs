using Base64Encoding = System.Buffers.Text.Base64;

namespace AiRouter.Triton.Models;

/// <summary>Image files as the texts that models take them in.</summary>
internal static class ImageTexts
{
    /// <summary>The file in base64, behind <paramref name="prefix"/>.</summary>
    public static ReadOnlyMemory<byte> Base64(ReadOnlySpan<byte> file, ReadOnlySpan<byte> prefix = default)
    {
        var text = new byte[prefix.Length + Base64Encoding.GetMaxEncodedToUtf8Length(file.Length)];
        prefix.CopyTo(text);
        Base64Encoding.EncodeToUtf8(file, text.AsSpan(prefix.Length), out _, out _);
        return text;
    }
}
