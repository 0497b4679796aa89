using System.Text.RegularExpressions;
using AiRouter.Core.Configuration.Assets;

namespace AiRouter.Api.Requests;

/// <summary>Counts of texts that anybody may send.</summary>
internal static class TokenCounts
{
    /// <summary>
    /// The tokens of a text; null when the tokenizer's patterns find no end on it in time. It has no exact count then, as
    /// without a tokenizer: an estimate takes its place and is marked, and nothing is refused for its length.
    /// </summary>
    public static int? TryCount(this ITokenCounter tokenizer, ReadOnlySpan<byte> utf8, bool addSpecialTokens)
    {
        try
        {
            return tokenizer.Count(utf8, addSpecialTokens);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }
}
