using System.Buffers;
using System.Globalization;
using System.Text;

namespace AiRouter.Prompting.Jinja.Values;

/// <summary>Python's <c>repr(str)</c>.</summary>
internal static class StringRepr
{
    // Printable ASCII but the backslash: what is copied as it is, once the quotes are dealt with.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        Enumerable.Range(' ', '\x7F' - ' ').Select(c => (char)c).Where(c => c is not ('\\' or '\'')).ToArray());

    /// <summary>Appends the text in quotes: single ones, unless it has single ones and no double ones.</summary>
    public static void Append(JinjaText output, string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        output.Append(quote);
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty && !output.IsFull)
        {
            var plain = rest.IndexOfAnyExcept(Plain);
            if (plain < 0)
            {
                output.Append(rest);
                break;
            }

            output.Append(rest[..plain]);
            var length = CodePoints.LengthAt(rest, plain);
            AppendSpecial(output, rest.Slice(plain, length), quote);
            rest = rest[(plain + length)..];
        }

        output.Append(quote);
    }

    /// <summary>Python's <c>str.isprintable</c> of one code point.</summary>
    public static bool IsPrintable(int codePoint)
    {
        if (codePoint == ' ')
        {
            return true;
        }

        return CharUnicodeInfo.GetUnicodeCategory(codePoint) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or
            UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or
            UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
    }

    /// <summary>Python's <c>ascii</c>: what is beyond ASCII in a text becomes escapes.</summary>
    public static string ToAscii(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            var codePoint = CodePoints.At(text, i);
            if (codePoint < 0x80)
            {
                result.Append((char)codePoint);
            }
            else
            {
                result.Append(Escape(codePoint));
            }
        }

        return result.ToString();
    }

    private static void AppendSpecial(JinjaText output, ReadOnlySpan<char> character, char quote)
    {
        var c = character[0];
        switch (c)
        {
            case '\\':
                output.Append(@"\\");
                return;
            case '\'':
                output.Append(quote == '\'' ? @"\'" : "'");
                return;
            case '\n':
                output.Append(@"\n");
                return;
            case '\r':
                output.Append(@"\r");
                return;
            case '\t':
                output.Append(@"\t");
                return;
        }

        var codePoint = character.Length == 2 ? char.ConvertToUtf32(c, character[1]) : c;
        if (IsPrintable(codePoint))
        {
            output.Append(character);
            return;
        }

        output.Append(Escape(codePoint));
    }

    private static string Escape(int codePoint) => codePoint switch
    {
        <= 0xFF => $"\\x{codePoint:x2}",
        <= 0xFFFF => $"\\u{codePoint:x4}",
        _ => $"\\U{codePoint:x8}",
    };
}
