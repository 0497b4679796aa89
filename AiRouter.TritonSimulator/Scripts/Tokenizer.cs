using System.Text;

namespace AiRouter.TritonSimulator.Scripts;

/// <summary>
/// The simulator's tokens: a run of letters and digits with the space before it, a single other character, or a run of white
/// space. Put together again they are the text.
/// </summary>
internal static class Tokenizer
{
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (!text.IsEmpty)
        {
            text = text[Next(text)..];
            count++;
        }

        return count;
    }

    public static List<ReadOnlyMemory<byte>> Split(ReadOnlySpan<char> text)
    {
        var tokens = new List<ReadOnlyMemory<byte>>();
        while (!text.IsEmpty)
        {
            var length = Next(text);
            var bytes = new byte[Encoding.UTF8.GetByteCount(text[..length])];
            Encoding.UTF8.GetBytes(text[..length], bytes);
            tokens.Add(bytes);
            text = text[length..];
        }

        return tokens;
    }

    private static int Next(ReadOnlySpan<char> text)
    {
        var start = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        if (char.IsAsciiLetterOrDigit(text[start]))
        {
            var word = text[start..].IndexOfAnyExcept(AsciiWord);
            return word < 0 ? text.Length : start + word;
        }

        if (char.IsWhiteSpace(text[0]))
        {
            var length = 1;
            while (length < text.Length && char.IsWhiteSpace(text[length]))
            {
                length++;
            }

            // The last space of a run belongs to the word after it.
            return length > 1 && length < text.Length && text[length - 1] == ' ' ? length - 1 : length;
        }

        return char.IsHighSurrogate(text[0]) && text.Length > 1 && char.IsLowSurrogate(text[1]) ? 2 : 1;
    }

    private static readonly System.Buffers.SearchValues<char> AsciiWord = System.Buffers.SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
}
