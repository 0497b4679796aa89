namespace AiRouter.Api.Streaming;

/// <summary>Cuts long text for events: some clients cannot read lines of more than 128 KB.</summary>
internal static class TextPieces
{
    /// <summary>The most characters of a piece (at most 12 KB of UTF-8).</summary>
    public const int MaxLength = 4096;

    /// <summary>The pieces; never cut within a code point.</summary>
    public static IEnumerable<string> Of(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var length = Math.Min(MaxLength, text.Length - at);
            if (at + length < text.Length && char.IsHighSurrogate(text[at + length - 1]))
            {
                length--;
            }

            yield return text.Substring(at, length);
            at += length;
        }
    }
}
