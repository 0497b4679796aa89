using System.Text;
using System.Text.RegularExpressions;

namespace AiRouter.Tests.Repository;

/// <summary>A Markdown file as GitHub reads it: what can be linked to in it, and what it links to.</summary>
internal sealed partial class MarkdownDocument
{
    private readonly Dictionary<string, int> _slugs = new(StringComparer.Ordinal);

    public MarkdownDocument(string text)
    {
        var links = new List<string>();
        foreach (var line in Prose(text))
        {
            var plain = InlineCode().Replace(line, "");
            if (Heading().Match(line) is { Success: true } heading)
            {
                Anchor(heading.Groups[1].Value);
            }

            foreach (var id in Id().Matches(plain).Select(static m => m.Groups[1].Value))
            {
                Anchors.Add(id);
            }

            links.AddRange(Link().Matches(plain).Select(static m => m.Groups.Values.Skip(1).First(static g => g.Success).Value));
        }

        Links = links;
    }

    /// <summary>What may stand behind <c>#</c>.</summary>
    public HashSet<string> Anchors { get; } = new(StringComparer.Ordinal);

    /// <summary>Targets as they are written: of links, of pictures, of definitions and of HTML.</summary>
    public IReadOnlyList<string> Links { get; }

    /// <summary>The anchor that a heading gets: small letters, digits, hyphens for spaces.</summary>
    public static string Slug(string heading)
    {
        var text = LinkText().Replace(heading.Trim(), "$1");
        var slug = new StringBuilder(text.Length);
        foreach (var character in text.ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(character) || character is '-' or '_')
            {
                slug.Append(character);
            }
            else if (character == ' ')
            {
                slug.Append('-');
            }
        }

        return slug.ToString();
    }

    private void Anchor(string heading)
    {
        var slug = Slug(heading);
        var times = _slugs.GetValueOrDefault(slug);
        _slugs[slug] = times + 1;
        Anchors.Add(times == 0 ? slug : $"{slug}-{times}");
    }

    // Without fenced blocks, in which nothing is a link or a heading.
    private static IEnumerable<string> Prose(string text)
    {
        string? fence = null;
        foreach (var line in text.Split('\n'))
        {
            var mark = Fence().Match(line).Groups[1].Value;
            if (fence is null && mark.Length > 0)
            {
                fence = mark;
            }
            else if (fence is null)
            {
                yield return line;
            }
            else if (mark.StartsWith(fence, StringComparison.Ordinal) && line.Trim() == mark)
            {
                fence = null;
            }
        }
    }

    [GeneratedRegex("^ *(```+|~~~+)")]
    private static partial Regex Fence();

    [GeneratedRegex(@"^ {0,3}#{1,6} +(.*?)(?: +#+)? *$")]
    private static partial Regex Heading();

    [GeneratedRegex("(?<!`)(`+)(?!`).*?(?<!`)\\1(?!`)")]
    private static partial Regex InlineCode();

    // An inline link or picture, a definition, an address in HTML. The text of a link may hold a picture, so only its end is looked for.
    [GeneratedRegex(
        @"\]\(<?([^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?: +""[^""]*"")?\)|^ {0,3}\[[^\]]+\]: +(\S+)|"
        + @"<(?:a|img)\b[^>]*?(?:href|src)=""([^""]*)""")]
    private static partial Regex Link();

    [GeneratedRegex(@"<\w+\b[^>]*? (?:id|name)=""([^""]+)""")]
    private static partial Regex Id();

    [GeneratedRegex(@"!?\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();
}
