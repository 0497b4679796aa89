using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AiRouter.Core.Configuration.Assets;

/// <summary>A file of an asset, as it was read.</summary>
/// <param name="Path">The full path, for messages.</param>
/// <param name="Content">Its bytes.</param>
public sealed record AssetFile(string Path, byte[] Content)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The content as text, without byte order mark; false when it is not UTF-8.</summary>
    public bool TryGetText([NotNullWhen(true)] out string? text)
    {
        try
        {
            text = StrictUtf8.GetString(Content).TrimStart('\uFEFF');
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = null;
            return false;
        }
    }
}
