using System.Text.RegularExpressions;

namespace AiRouter.Prompting.Tokens.HuggingFace;

/// <summary>
/// Patterns of tokenizers were written for Oniguruma. Most mean the same to .NET; those that .NET would take for something else
/// are refused.
/// </summary>
internal static class OnigurumaPattern
{
    /// <summary>The pattern.</summary>
    /// <exception cref="TokenizerFormatException">It has what .NET's patterns have not, or have otherwise.</exception>
    public static Regex Compile(string pattern, string path)
    {
        if (KnownPatterns.Find(pattern) is { } known)
        {
            return known;
        }

        if (Foreign(pattern) is { } foreign)
        {
            throw new TokenizerFormatException($"{path}: the pattern has {foreign}, which is not supported: {pattern}");
        }

        try
        {
            return new Regex(
                pattern, RegexOptions.Compiled | KnownPatterns.Options, TimeSpan.FromMilliseconds(KnownPatterns.LongestMilliseconds));
        }
        catch (RegexParseException exception)
        {
            throw new TokenizerFormatException($"{path}: the pattern is not supported: {exception.Message}", exception);
        }
    }

    /// <summary>What .NET would read without a word, but otherwise.</summary>
    private static string? Foreign(string pattern)
    {
        var inSet = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '[' when inSet:
                    return "a set in a set";
                case '&' when inSet && i + 1 < pattern.Length && pattern[i + 1] == '&':
                    return "&& in a set";
                case '[':
                    inSet = true;
                    // "]" is a letter where it stands first.
                    i += pattern.AsSpan(i + 1).StartsWith("^]") ? 2 : pattern.AsSpan(i + 1).StartsWith("]") ? 1 : 0;
                    break;
                case ']':
                    inSet = false;
                    break;
            }
        }

        return null;
    }
}
