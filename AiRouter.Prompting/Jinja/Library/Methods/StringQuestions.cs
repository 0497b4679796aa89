using System.Globalization;
using AiRouter.Prompting.Jinja.Library.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Methods;

/// <summary>Python's <c>str.is…</c>.</summary>
internal static class StringQuestions
{
    /// <summary>Whether there is a character and all are <paramref name="isOf"/>.</summary>
    public static bool All(string text, Func<int, bool> isOf)
    {
        for (var i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            if (!isOf(CodePoints.At(text, i)))
            {
                return false;
            }
        }

        return text.Length > 0;
    }

    /// <summary>Whether it has letters with case, all of them small.</summary>
    public static bool IsLower(string text)
    {
        var hasCased = false;
        for (var i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            var c = CodePoints.At(text, i);
            if (UnicodeClasses.IsUpper(c) || UnicodeClasses.IsTitle(c))
            {
                return false;
            }

            hasCased |= UnicodeClasses.IsLower(c);
        }

        return hasCased;
    }

    /// <summary>Whether it has letters with case, all of them capitals.</summary>
    public static bool IsUpper(string text)
    {
        var hasCased = false;
        for (var i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            var c = CodePoints.At(text, i);
            if (UnicodeClasses.IsLower(c) || UnicodeClasses.IsTitle(c))
            {
                return false;
            }

            hasCased |= UnicodeClasses.IsUpper(c);
        }

        return hasCased;
    }

    /// <summary>Whether capitals stand only at the beginning of words, and at each.</summary>
    public static bool IsTitle(string text)
    {
        var hasCased = false;
        var isInside = false;
        for (var i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            var c = CodePoints.At(text, i);
            var isCapital = UnicodeClasses.IsUpper(c) || UnicodeClasses.IsTitle(c);
            if (isCapital ? isInside : UnicodeClasses.IsLower(c) && !isInside)
            {
                return false;
            }

            isInside = isCapital || UnicodeClasses.IsLower(c);
            hasCased |= isInside;
        }

        return hasCased;
    }

    /// <summary>Whether it could be a name in Python.</summary>
    public static bool IsIdentifier(string text)
    {
        for (var i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            var c = CodePoints.At(text, i);
            var category = CharUnicodeInfo.GetUnicodeCategory(c);
            var isStart = c == '_' || UnicodeClasses.IsAlpha(c) || category == UnicodeCategory.LetterNumber;
            var isLater = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or
                UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation || c == '\u00B7';
            if (!isStart && (i == 0 || !isLater))
            {
                return false;
            }
        }

        return text.Length > 0;
    }
}
