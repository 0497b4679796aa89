using System.IO.Compression;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>Bodies that a backend has encoded although it was asked not to.</summary>
internal static class ContentEncodings
{
    /// <summary>The body as it was before.</summary>
    /// <param name="raw">As it came.</param>
    /// <param name="header">The <c>Content-Encoding</c>; null: there is none.</param>
    /// <exception cref="InvalidDataException">Nobody knows the encoding.</exception>
    public static Stream Decode(Stream raw, string? header)
    {
        if (header is null)
        {
            return raw;
        }

        var encodings = header.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return string.Join(',', encodings.Where(static e => e != "identity")) switch
        {
            "" => raw,
            "gzip" or "x-gzip" => new GZipStream(raw, CompressionMode.Decompress),
            "deflate" => new ZLibStream(raw, CompressionMode.Decompress),
            "br" => new BrotliStream(raw, CompressionMode.Decompress),
            _ => throw new InvalidDataException("The backend used an unknown content encoding."),
        };
    }
}
