using System.Text.RegularExpressions;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Text;

/// <summary>Jinja2's <c>urlize</c>: addresses in a text become links.</summary>
/// <param name="limit">How much of an address is shown; -1: all.</param>
/// <param name="attributes">What each link of the web gets besides its address.</param>
/// <param name="schemes">Beginnings of addresses besides the well-known ones.</param>
/// <param name="run">The rendering.</param>
internal sealed partial class LinkMaking(long limit, string attributes, IReadOnlyList<string> schemes, JinjaRun run)
{
    private static readonly (string Open, string Close)[] Brackets = [("(", ")"), ("<", ">"), ("&lt;", "&gt;")];

    private static readonly string[] Tails = [")", ">", ".", ",", "\n", "&gt;"];

    /// <summary>The text, which is escaped, with its links.</summary>
    public string Make(string text)
    {
        using var result = new JinjaText(run);
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            var isSpace = UnicodeClasses.IsSpace(text[i]);
            while (i < text.Length && UnicodeClasses.IsSpace(text[i]) == isSpace)
            {
                i++;
            }

            run.Spend(1 + ((i - start) / 8));
            if (isSpace)
            {
                result.Append(text.AsSpan(start, i - start));
            }
            else
            {
                Append(result, text[start..i]);
            }
        }

        return result.ToString();
    }

    private void Append(JinjaText result, string word)
    {
        var headLength = 0;
        while (headLength < word.Length && BracketLength(word, headLength) is var length and > 0)
        {
            headLength += length;
        }

        var tailStart = word.Length;
        while (tailStart > headLength && TailLength(word, headLength, tailStart) is var length and > 0)
        {
            tailStart -= length;
        }

        tailStart = Balanced(word, headLength, tailStart);
        result.Append(word.AsSpan(0, headLength));
        result.Append(Link(word[headLength..tailStart]));
        result.Append(word.AsSpan(tailStart));
    }

    private string Link(string word)
    {
        if (WebAddress().IsMatch(word))
        {
            var isComplete = word.StartsWith("https://", StringComparison.Ordinal) ||
                word.StartsWith("http://", StringComparison.Ordinal);
            return $"<a href=\"{(isComplete ? string.Empty : "https://")}{word}\"{attributes}>{Shown(word)}</a>";
        }

        if (word.StartsWith("mailto:", StringComparison.Ordinal) && MailAddress().IsMatch(word[7..]))
        {
            return $"<a href=\"{word}\">{word[7..]}</a>";
        }

        if (word.Contains('@') && !word.StartsWith("www.", StringComparison.Ordinal) && !word.Contains(':') &&
            MailAddress().IsMatch(word))
        {
            return $"<a href=\"mailto:{word}\">{word}</a>";
        }

        foreach (var scheme in schemes)
        {
            if (word != scheme && word.StartsWith(scheme, StringComparison.Ordinal))
            {
                word = $"<a href=\"{word}\"{attributes}>{word}</a>";
            }
        }

        return word;
    }

    private string Shown(string word) =>
        limit >= 0 && CodePoints.Count(word) > limit ? word[..CodePoints.ToUnit(word, limit)] + "..." : word;

    // A closing bracket belongs to an address that has the opening one.
    private static int Balanced(string word, int start, int tailStart)
    {
        foreach (var (open, close) in Brackets)
        {
            var opened = word.AsSpan(start, tailStart - start).Count(open);
            if (opened <= word.AsSpan(start, tailStart - start).Count(close))
            {
                continue;
            }

            for (; opened > 0; opened--)
            {
                var found = word.IndexOf(close, tailStart, StringComparison.Ordinal);
                if (found < 0)
                {
                    break;
                }

                tailStart = found + close.Length;
            }
        }

        return tailStart;
    }

    private static int BracketLength(string word, int position) =>
        word[position] is '(' or '<' ? 1 : word.AsSpan(position).StartsWith("&lt;") ? 4 : 0;

    private static int TailLength(string word, int start, int end)
    {
        foreach (var tail in Tails)
        {
            if (word.AsSpan(start, end - start).EndsWith(tail))
            {
                return tail.Length;
            }
        }

        return 0;
    }

    [GeneratedRegex(
        @"^((https?://|www\.)(([\w%-]+\.)+)?([a-z]{2,63}|xn--[\w%]{2,59})|" +
        @"([\w%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)|" +
        @"(https?://)((([\d]{1,3})(\.[\d]{1,3}){3})|(\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}\])))" +
        @"(?::[\d]{1,5})?(?:[/?#]\S*)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex WebAddress();

    [GeneratedRegex(@"^\S+@\w[\w.-]*\.\w+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex MailAddress();
}
