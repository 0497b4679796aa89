using System.Globalization;
using System.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Syntax;

/// <summary>A quoted text with Python's escapes.</summary>
internal static class StringLiteral
{
    /// <summary>Reads the literal that begins with the quote at <paramref name="start"/>.</summary>
    public static string Read(JinjaSource source, int start, out int end)
    {
        var text = source.Text;
        var quote = text[start];
        var at = start + 1;
        var isPlain = true;
        while (at < text.Length && text[at] != quote)
        {
            isPlain &= text[at] != '\\';
            at += text[at] == '\\' ? 2 : 1;
        }

        if (at >= text.Length)
        {
            throw source.SyntaxError(
                start,
                $"unexpected char {PythonText.Repr(quote.ToString())} at {start}",
                $"This text has no closing {quote}.");
        }

        end = at + 1;
        return isPlain ? text[(start + 1)..at] : Unescape(source, start + 1, at);
    }

    private static string Unescape(JinjaSource source, int at, int end)
    {
        var text = source.Text;
        var result = new StringBuilder(end - at);
        while (at < end)
        {
            if (text[at] != '\\')
            {
                result.Append(text[at++]);
                continue;
            }

            at = UnescapeOne(source, at, end, result);
        }

        return result.ToString();
    }

    /// <summary>Reads one escape, which begins at <paramref name="at"/>; tells what follows it.</summary>
    private static int UnescapeOne(JinjaSource source, int at, int end, StringBuilder result)
    {
        var escape = source.Text[at + 1];
        switch (escape)
        {
            case '\n':
                return at + 2;
            case '\\' or '\'' or '"':
                result.Append(escape);
                return at + 2;
            case 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v':
                result.Append("\a\b\f\n\r\t\v"["abfnrtv".IndexOf(escape, StringComparison.Ordinal)]);
                return at + 2;
            case 'x':
                return Hexadecimal(source, at, end, 2, result);
            case 'u':
                return Hexadecimal(source, at, end, 4, result);
            case 'U':
                return Hexadecimal(source, at, end, 8, result);
            case 'N':
                throw source.SyntaxError(at, "\\N{…} is not supported", "Write the character itself, or \\u and its number.");
            case >= '0' and <= '7':
                return Octal(source.Text, at + 1, end, result);
            case >= '\x80':
                return NonAscii(source.Text, at + 1, end, result);
            default:
                result.Append('\\').Append(escape);
                return at + 2;
        }
    }

    private static int Hexadecimal(JinjaSource source, int at, int end, int digits, StringBuilder result)
    {
        var text = source.Text;
        var name = text.Substring(at, 2);
        if (at + 2 + digits > end ||
            !uint.TryParse(text.AsSpan(at + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            var form = name + new string('X', digits);
            throw source.SyntaxError(at, $"truncated {form} escape", $"{name} needs {digits} hexadecimal digits.");
        }

        if (code > 0x10FFFF)
        {
            throw source.SyntaxError(at, "illegal Unicode character", "The largest one is \\U0010FFFF.");
        }

        Append(result, code);
        return at + 2 + digits;
    }

    private static int Octal(string text, int at, int end, StringBuilder result)
    {
        var last = Math.Min(at + 3, end);
        var code = 0;
        while (at < last && text[at] is >= '0' and <= '7')
        {
            code = (code * 8) + (text[at++] - '0');
        }

        result.Append((char)code);
        return at;
    }

    /// <summary>Jinja2 turns the character into an escape before it reads escapes: of <c>\é</c> remains <c>\xe9</c>, as text.</summary>
    private static int NonAscii(string text, int at, int end, StringBuilder result)
    {
        if (char.IsHighSurrogate(text[at]) && at + 1 < end && char.IsLowSurrogate(text[at + 1]))
        {
            result.Append(CultureInfo.InvariantCulture, $"\\U{char.ConvertToUtf32(text[at], text[at + 1]):x8}");
            return at + 2;
        }

        var format = text[at] <= 0xff ? "\\x" : "\\u";
        result.Append(format).Append(((int)text[at]).ToString(text[at] <= 0xff ? "x2" : "x4", CultureInfo.InvariantCulture));
        return at + 1;
    }

    private static void Append(StringBuilder result, uint code)
    {
        if (code > 0xFFFF)
        {
            result.Append(char.ConvertFromUtf32((int)code));
        }
        else
        {
            result.Append((char)code);
        }
    }
}
