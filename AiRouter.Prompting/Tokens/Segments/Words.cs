using System.Text.RegularExpressions;

namespace AiRouter.Prompting.Tokens.Segments;

/// <summary>
/// Cuts a text before the spaces of each word, where no token reaches from one word into the next: the same tokens, and far
/// less to merge at once.
/// </summary>
internal static partial class Words
{
    /// <summary>The split.</summary>
    public static readonly PatternSplit Split = new(Word(), SplitBehavior.Isolated);

    /// <summary>Whether a token has two words in it: then a text cannot be cut before its spaces.</summary>
    public static bool AreInOne(string token) => InOne().IsMatch(token);

    [GeneratedRegex("▁+[^▁]*|[^▁]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex("[^▁]▁", RegexOptions.CultureInvariant)]
    private static partial Regex InOne();
}
