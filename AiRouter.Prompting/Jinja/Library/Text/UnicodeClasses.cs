using System.Globalization;
using System.Text;

namespace AiRouter.Prompting.Jinja.Library.Text;

/// <summary>Python's classes of characters, by code point.</summary>
internal static class UnicodeClasses
{
    // Lower case by property, not by category (Unicode's Other_Lowercase).
    private static readonly (int First, int Last)[] OtherLower =
    [
        (0x00AA, 0x00AA), (0x00BA, 0x00BA), (0x02B0, 0x02B8), (0x02C0, 0x02C1), (0x02E0, 0x02E4), (0x0345, 0x0345),
        (0x037A, 0x037A), (0x1D2C, 0x1D6A), (0x1D78, 0x1D78), (0x1D9B, 0x1DBF), (0x2071, 0x2071), (0x207F, 0x207F),
        (0x2090, 0x209C), (0x2170, 0x217F), (0x24D0, 0x24E9), (0x2C7C, 0x2C7D), (0xA69C, 0xA69D), (0xA770, 0xA770),
        (0xA7F8, 0xA7F9), (0xAB5C, 0xAB5F), (0x10780, 0x10780), (0x10783, 0x10785), (0x10787, 0x107B0),
        (0x107B2, 0x107BA),
    ];

    private static readonly (int First, int Last)[] OtherUpper =
    [
        (0x2160, 0x216F), (0x24B6, 0x24CF), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189),
    ];

    // Chinese characters that are numbers (Unihan), which .NET does not know of.
    private static readonly (int First, int Last)[] NumericIdeographs =
    [
        (0x3405, 0x3405), (0x3483, 0x3483), (0x382A, 0x382A), (0x3B4D, 0x3B4D), (0x4E00, 0x4E00), (0x4E03, 0x4E03),
        (0x4E07, 0x4E07), (0x4E09, 0x4E09), (0x4E5D, 0x4E5D), (0x4E8C, 0x4E8C), (0x4E94, 0x4E94), (0x4E96, 0x4E96),
        (0x4EBF, 0x4EC0), (0x4EDF, 0x4EDF), (0x4EE8, 0x4EE8), (0x4F0D, 0x4F0D), (0x4F70, 0x4F70), (0x5104, 0x5104),
        (0x5146, 0x5146), (0x5169, 0x5169), (0x516B, 0x516B), (0x516D, 0x516D), (0x5341, 0x5341), (0x5343, 0x5345),
        (0x534C, 0x534C), (0x53C1, 0x53C4), (0x56DB, 0x56DB), (0x58F1, 0x58F1), (0x58F9, 0x58F9), (0x5E7A, 0x5E7A),
        (0x5EFE, 0x5EFF), (0x5F0C, 0x5F0E), (0x5F10, 0x5F10), (0x62FE, 0x62FE), (0x634C, 0x634C), (0x67D2, 0x67D2),
        (0x6F06, 0x6F06), (0x7396, 0x7396), (0x767E, 0x767E), (0x8086, 0x8086), (0x842C, 0x842C), (0x8CAE, 0x8CAE),
        (0x8CB3, 0x8CB3), (0x8D30, 0x8D30), (0x9621, 0x9621), (0x9646, 0x9646), (0x964C, 0x964C), (0x9678, 0x9678),
        (0x96F6, 0x96F6), (0x20001, 0x20001), (0x20064, 0x20064), (0x200E2, 0x200E2), (0x20121, 0x20121),
        (0x2092A, 0x2092A), (0x20983, 0x20983), (0x2098C, 0x2098C), (0x2099C, 0x2099C), (0x20AEA, 0x20AEA),
        (0x20AFD, 0x20AFD), (0x20B19, 0x20B19), (0x22390, 0x22390), (0x22998, 0x22998), (0x23B1B, 0x23B1B),
        (0x2626D, 0x2626D),
    ];

    /// <summary>Python's <c>isspace</c>: what <c>strip</c> and <c>split</c> take for white space.</summary>
    public static bool IsSpace(char c) => c is >= '\x1C' and <= '\x1F' || char.IsWhiteSpace(c);

    /// <summary>Python's <c>isalpha</c>.</summary>
    public static bool IsAlpha(int c) => CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.UppercaseLetter or
        UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or
        UnicodeCategory.OtherLetter;

    /// <summary>Python's <c>isdecimal</c>.</summary>
    public static bool IsDecimal(int c) => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber;

    /// <summary>Python's <c>isdigit</c>.</summary>
    public static bool IsDigit(int c) => c < 0x80 ? char.IsAsciiDigit((char)c) : DigitValue(c) >= 0;

    /// <summary>Python's <c>isnumeric</c>.</summary>
    public static bool IsNumeric(int c) => c < 0x80
        ? char.IsAsciiDigit((char)c)
        : IsDigit(c) || (Rune.IsValid(c) && CharUnicodeInfo.GetNumericValue(char.ConvertFromUtf32(c), 0) != -1) ||
          IsIn(c, NumericIdeographs);

    /// <summary>Python's <c>isalnum</c>.</summary>
    public static bool IsAlphanumeric(int c) => IsAlpha(c) || IsNumeric(c);

    /// <summary>Python's <c>isupper</c> of one character.</summary>
    public static bool IsUpper(int c) =>
        CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.UppercaseLetter || IsIn(c, OtherUpper);

    /// <summary>Python's <c>islower</c> of one character.</summary>
    public static bool IsLower(int c) =>
        CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.LowercaseLetter || IsIn(c, OtherLower);

    /// <summary>Whether it is a title: a letter of two parts with only the first a capital.</summary>
    public static bool IsTitle(int c) => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.TitlecaseLetter;

    /// <summary>Whether it has a case at all.</summary>
    public static bool IsCased(int c) => IsUpper(c) || IsLower(c) || IsTitle(c);

    /// <summary>Whether case rules look past it.</summary>
    public static bool IsCaseIgnorable(char c) =>
        c is '\'' or '.' or ':' or '^' or '`' or '\u00B7' or '\u2018' or '\u2019' ||
        CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or
        UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;

    /// <summary>Python's regular expressions: <c>\w</c>.</summary>
    public static bool IsWord(int c) => c == '_' || IsAlphanumeric(c);

    /// <summary>What a decimal digit stands for; -1 when it is none.</summary>
    public static int DecimalValue(int c) =>
        Rune.IsValid(c) ? CharUnicodeInfo.GetDecimalDigitValue(char.ConvertFromUtf32(c), 0) : -1;

    private static int DigitValue(int c) =>
        Rune.IsValid(c) ? CharUnicodeInfo.GetDigitValue(char.ConvertFromUtf32(c), 0) : -1;

    private static bool IsIn(int c, (int First, int Last)[] ranges)
    {
        if (c < ranges[0].First)
        {
            return false;
        }

        foreach (var (first, last) in ranges)
        {
            if (c >= first && c <= last)
            {
                return true;
            }
        }

        return false;
    }
}
