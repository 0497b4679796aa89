using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Text;

/// <summary>
/// Case conversion as Python does it: Unicode's full mappings, where one letter may become several ("ß" in capitals is
/// "SS"). .NET has the simple mappings, one letter for one; what differs is listed here (SpecialCasing.txt of Unicode).
/// </summary>
internal static class UnicodeCase
{
    // Each entry is a letter and what it becomes.
    private static readonly FrozenDictionary<int, string> UpperExpansions = Read(
        "\u00DFSS \u0149\u02BCN \u01F0J\u030C \u0390\u0399\u0308\u0301 \u03B0\u03A5\u0308\u0301 \u0587\u0535\u0552 " +
        "\u1E96H\u0331 \u1E97T\u0308 \u1E98W\u030A \u1E99Y\u030A \u1E9AA\u02BE \u1F50\u03A5\u0313 " +
        "\u1F52\u03A5\u0313\u0300 \u1F54\u03A5\u0313\u0301 \u1F56\u03A5\u0313\u0342 \u1F80\u1F08\u0399 " +
        "\u1F81\u1F09\u0399 \u1F82\u1F0A\u0399 \u1F83\u1F0B\u0399 \u1F84\u1F0C\u0399 \u1F85\u1F0D\u0399 " +
        "\u1F86\u1F0E\u0399 \u1F87\u1F0F\u0399 \u1F88\u1F08\u0399 \u1F89\u1F09\u0399 \u1F8A\u1F0A\u0399 " +
        "\u1F8B\u1F0B\u0399 \u1F8C\u1F0C\u0399 \u1F8D\u1F0D\u0399 \u1F8E\u1F0E\u0399 \u1F8F\u1F0F\u0399 " +
        "\u1F90\u1F28\u0399 \u1F91\u1F29\u0399 \u1F92\u1F2A\u0399 \u1F93\u1F2B\u0399 \u1F94\u1F2C\u0399 " +
        "\u1F95\u1F2D\u0399 \u1F96\u1F2E\u0399 \u1F97\u1F2F\u0399 \u1F98\u1F28\u0399 \u1F99\u1F29\u0399 " +
        "\u1F9A\u1F2A\u0399 \u1F9B\u1F2B\u0399 \u1F9C\u1F2C\u0399 \u1F9D\u1F2D\u0399 \u1F9E\u1F2E\u0399 " +
        "\u1F9F\u1F2F\u0399 \u1FA0\u1F68\u0399 \u1FA1\u1F69\u0399 \u1FA2\u1F6A\u0399 \u1FA3\u1F6B\u0399 " +
        "\u1FA4\u1F6C\u0399 \u1FA5\u1F6D\u0399 \u1FA6\u1F6E\u0399 \u1FA7\u1F6F\u0399 \u1FA8\u1F68\u0399 " +
        "\u1FA9\u1F69\u0399 \u1FAA\u1F6A\u0399 \u1FAB\u1F6B\u0399 \u1FAC\u1F6C\u0399 \u1FAD\u1F6D\u0399 " +
        "\u1FAE\u1F6E\u0399 \u1FAF\u1F6F\u0399 \u1FB2\u1FBA\u0399 \u1FB3\u0391\u0399 \u1FB4\u0386\u0399 " +
        "\u1FB6\u0391\u0342 \u1FB7\u0391\u0342\u0399 \u1FBC\u0391\u0399 \u1FC2\u1FCA\u0399 \u1FC3\u0397\u0399 " +
        "\u1FC4\u0389\u0399 \u1FC6\u0397\u0342 \u1FC7\u0397\u0342\u0399 \u1FCC\u0397\u0399 \u1FD2\u0399\u0308\u0300 " +
        "\u1FD3\u0399\u0308\u0301 \u1FD6\u0399\u0342 \u1FD7\u0399\u0308\u0342 \u1FE2\u03A5\u0308\u0300 " +
        "\u1FE3\u03A5\u0308\u0301 \u1FE4\u03A1\u0313 \u1FE6\u03A5\u0342 \u1FE7\u03A5\u0308\u0342 \u1FF2\u1FFA\u0399 " +
        "\u1FF3\u03A9\u0399 \u1FF4\u038F\u0399 \u1FF6\u03A9\u0342 \u1FF7\u03A9\u0342\u0399 \u1FFC\u03A9\u0399 " +
        "\uFB00FF \uFB01FI \uFB02FL \uFB03FFI \uFB04FFL \uFB05ST \uFB06ST \uFB13\u0544\u0546 \uFB14\u0544\u0535 " +
        "\uFB15\u0544\u053B \uFB16\u054E\u0546 \uFB17\u0544\u053D");

    private static readonly FrozenDictionary<int, string> TitleExpansions = Read(
        "\u0149\u02BCN \u1FB2\u1FBA\u0345 \u1FB4\u0386\u0345 \u1FB7\u0391\u0342\u0345 \u1FC2\u1FCA\u0345 " +
        "\u1FC4\u0389\u0345 \u1FC7\u0397\u0342\u0345 \u1FF2\u1FFA\u0345 \u1FF4\u038F\u0345 \u1FF7\u03A9\u0342\u0345");

    /// <summary>Python's <c>str.upper</c>; the same string when nothing changes.</summary>
    public static string Upper(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.ToUpperInvariant();
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            AppendUpper(result, CodePoints.At(text, i));
        }

        return result.ToString();
    }

    /// <summary>Python's <c>str.lower</c>; the same string when nothing changes.</summary>
    public static string Lower(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.ToLowerInvariant();
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            AppendLower(result, text, i);
        }

        return result.ToString();
    }

    /// <summary>Python's <c>str.casefold</c>.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.ToLowerInvariant();
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            var c = CodePoints.At(text, i);
            switch (c)
            {
                case '\u0131':
                    result.Append('\u0131');
                    break;
                case '\u1E9E':
                    result.Append("ss");
                    break;
                case (>= 0x13A0 and <= 0x13FD) or (>= 0xAB70 and <= 0xABBF):
                    // Cherokee folds to its capitals.
                    AppendUpper(result, c);
                    break;
                default:
                    AppendFolded(result, c);
                    break;
            }
        }

        return result.ToString();
    }

    /// <summary>Python's <c>str.title</c>: the first letter of every run of letters is a capital.</summary>
    public static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        var isInside = false;
        for (var i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            var c = CodePoints.At(text, i);
            if (isInside)
            {
                AppendLower(result, text, i);
            }
            else
            {
                AppendTitle(result, c);
            }

            isInside = UnicodeClasses.IsCased(c);
        }

        return result.ToString();
    }

    /// <summary>Python's <c>str.capitalize</c>.</summary>
    public static string Capitalize(string text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        AppendTitle(result, CodePoints.At(text, 0));
        for (var i = CodePoints.LengthAt(text, 0); i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            AppendLower(result, text, i);
        }

        return result.ToString();
    }

    /// <summary>Python's <c>str.swapcase</c>.</summary>
    public static string Swap(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            var c = CodePoints.At(text, i);
            if (UnicodeClasses.IsUpper(c))
            {
                AppendLower(result, text, i);
            }
            else if (UnicodeClasses.IsLower(c))
            {
                AppendUpper(result, c);
            }
            else
            {
                Append(result, c);
            }
        }

        return result.ToString();
    }

    private static void AppendUpper(StringBuilder result, int c)
    {
        if (UpperExpansions.TryGetValue(c, out var expansion))
        {
            result.Append(expansion);
        }
        else
        {
            Append(result, c == '\u0131' ? 'I' : c == '\u017F' ? 'S' : c == '\u01C5' ? '\u01C4' : SimpleUpper(c));
        }
    }

    private static void AppendLower(StringBuilder result, string text, int position)
    {
        var c = CodePoints.At(text, position);
        if (c == '\u0130')
        {
            result.Append("i\u0307");
        }
        else if (c == '\u03A3')
        {
            result.Append(IsFinal(text, position) ? '\u03C2' : '\u03C3');
        }
        else
        {
            Append(result, SimpleLower(c));
        }
    }

    private static void AppendFolded(StringBuilder result, int c)
    {
        var upper = new StringBuilder();
        AppendUpper(upper, c);
        foreach (var rune in upper.ToString().EnumerateRunes())
        {
            if (rune.Value == '\u0130')
            {
                result.Append("i\u0307");
            }
            else
            {
                Append(result, char.IsSurrogate((char)c) && c <= char.MaxValue ? c : SimpleLower(rune.Value));
            }
        }
    }

    private static void AppendTitle(StringBuilder result, int c)
    {
        var simple = SimpleUpper(c);
        if (TitleExpansions.TryGetValue(c, out var special))
        {
            result.Append(special);
        }
        else if (c is (>= 0x01C4 and <= 0x01CC) or (>= 0x01F1 and <= 0x01F3))
        {
            // Letters of two parts: only the first is a capital.
            Append(result, c >= 0x01F1 ? 0x01F2 : c <= 0x01C6 ? 0x01C5 : c <= 0x01C9 ? 0x01C8 : 0x01CB);
        }
        else if (c is >= 0x10D0 and <= 0x10FF)
        {
            // Georgian has capitals but no titles.
            Append(result, c);
        }
        else if (UpperExpansions.TryGetValue(c, out var expansion) && simple == c && !IsTitle(c))
        {
            result.Append(expansion[0]).Append(Lower(expansion[1..]));
        }
        else if (expansion is not null)
        {
            Append(result, simple);
        }
        else
        {
            AppendUpper(result, c);
        }
    }

    // A sigma ends a word when a letter stands before it and none after it.
    private static bool IsFinal(string text, int position)
    {
        var before = position - 1;
        while (before >= 0 && UnicodeClasses.IsCaseIgnorable(text[before]))
        {
            before--;
        }

        if (before < 0 || !UnicodeClasses.IsCased(CodePoints.Before(text, before + 1)))
        {
            return false;
        }

        var after = position + 1;
        while (after < text.Length && UnicodeClasses.IsCaseIgnorable(text[after]))
        {
            after++;
        }

        return after >= text.Length || !UnicodeClasses.IsCased(CodePoints.At(text, after));
    }

    private static bool IsTitle(int c) => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.TitlecaseLetter;

    private static int SimpleUpper(int c) => Rune.IsValid(c) ? Rune.ToUpperInvariant(new Rune(c)).Value : c;

    private static int SimpleLower(int c) => Rune.IsValid(c) ? Rune.ToLowerInvariant(new Rune(c)).Value : c;

    private static void Append(StringBuilder result, int c)
    {
        if (c <= char.MaxValue)
        {
            result.Append((char)c);
        }
        else
        {
            result.Append(char.ConvertFromUtf32(c));
        }
    }

    private static FrozenDictionary<int, string> Read(string entries) =>
        entries.Split(' ').ToFrozenDictionary(e => (int)e[0], e => e[1..]);
}
