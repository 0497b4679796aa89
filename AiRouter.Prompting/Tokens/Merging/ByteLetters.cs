namespace AiRouter.Prompting.Tokens.Merging;

/// <summary>
/// How a byte-level vocabulary writes bytes: each as one visible letter (the table of GPT-2). Printable Latin-1 stands for
/// itself, the others for the letters from U+0100 on, in order.
/// </summary>
internal static class ByteLetters
{
    private static readonly char[] Letters = MakeLetters();

    /// <summary>The letter of a byte.</summary>
    public static char Of(byte value) => Letters[value];

    /// <summary>A token of bytes as vocabularies write it.</summary>
    public static string Write(ReadOnlySpan<byte> bytes)
    {
        return string.Create(bytes.Length, bytes, static (letters, bytes) => Write(bytes, letters));
    }

    /// <summary>Writes one letter for each byte.</summary>
    public static void Write(ReadOnlySpan<byte> bytes, Span<char> letters)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            letters[i] = Letters[bytes[i]];
        }
    }

    private static char[] MakeLetters()
    {
        var letters = new char[256];
        var others = 0;
        for (var value = 0; value < letters.Length; value++)
        {
            letters[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF)
                ? (char)value
                : (char)(0x100 + others++);
        }

        return letters;
    }
}
