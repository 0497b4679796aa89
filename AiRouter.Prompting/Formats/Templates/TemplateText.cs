using System.Text.RegularExpressions;

namespace AiRouter.Prompting.Formats.Templates;

/// <summary>What can be seen in a template's text without running it.</summary>
internal static partial class TemplateText
{
    /// <summary>Whether a configured text is a template itself, and no name and no file.</summary>
    public static bool IsInline(string text) =>
        text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal) || text.Contains('\n');

    /// <summary>Everything that looks like a name.</summary>
    public static IEnumerable<string> NamesIn(string text) => Texts(text, Name().EnumerateMatches(text));

    /// <summary>Everything that looks like a special token: <c>&lt;|im_start|&gt;</c>, <c>[INST]</c>, <c>&lt;s&gt;</c>, …</summary>
    public static IEnumerable<string> TokensIn(string text) => Texts(text, Token().EnumerateMatches(text));

    private static HashSet<string> Texts(string text, Regex.ValueMatchEnumerator matches)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var match in matches)
        {
            found.Add(text.Substring(match.Index, match.Length));
        }

        return found;
    }

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Name();

    [GeneratedRegex(@"<[|｜][^\s<>]{1,64}[|｜]>|<</?\w{1,32}>>|</?[A-Za-z_]\w{0,63}>|\[/?[A-Z][A-Z_]{1,31}\]")]
    private static partial Regex Token();
}
