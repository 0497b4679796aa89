namespace AiRouter.Prompting.Jinja.Syntax;

/// <summary>Python's classes of characters, as its regular expressions and <c>str</c> have them.</summary>
internal static class Characters
{
    /// <summary>Python's <c>\s</c> and <c>str.isspace</c>.</summary>
    public static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\x1c' and <= '\x1f';

    /// <summary>Whether an identifier can begin with it.</summary>
    public static bool BeginsName(char character) =>
        char.IsAsciiLetter(character) || character == '_' || (character >= '\x80' && char.IsLetter(character));

    /// <summary>Whether an identifier can go on with it.</summary>
    public static bool IsInName(char character) =>
        char.IsAsciiLetterOrDigit(character) || character == '_' ||
        (character >= '\x80' && char.IsLetterOrDigit(character));

    /// <summary>How many characters from <paramref name="start"/> on are white space.</summary>
    public static int SkipSpace(string text, int start)
    {
        while (start < text.Length && IsSpace(text[start]))
        {
            start++;
        }

        return start;
    }
}
