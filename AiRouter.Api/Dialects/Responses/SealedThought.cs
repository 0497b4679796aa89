using System.Text;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>
/// What was thought, as <c>encrypted_content</c>: clients that keep conversations themselves ask for it, hand it back with the next request,
/// and some hand nothing else back (AI SDK, Codex). There is nothing to hide: the same client has read the text.
/// </summary>
internal static class SealedThought
{
    // Another server's seal must not be taken for one of ours.
    private static ReadOnlySpan<byte> Mark => "airouter-1:"u8;

    /// <summary>Seals a text.</summary>
    public static string Of(string text) => Convert.ToBase64String([.. Mark, .. Encoding.UTF8.GetBytes(text)]);

    /// <summary>The text; null: it was sealed elsewhere.</summary>
    public static string? Read(string? sealedText)
    {
        var bytes = new byte[((sealedText?.Length ?? 0) * 3 / 4) + 3];
        return sealedText is not null && Convert.TryFromBase64String(sealedText, bytes, out var length) &&
            bytes.AsSpan(0, length).StartsWith(Mark)
            ? Encoding.UTF8.GetString(bytes, Mark.Length, length - Mark.Length)
            : null;
    }
}
