namespace AiRouter.Core.Metering;

/// <summary>
/// Tokens guessed from text, for backends that do not count them (R28): one for every four bytes of UTF-8, rounded up, the
/// usual average of English under today's vocabularies. A figure made this way is always marked as estimated.
/// </summary>
public static class TokenEstimate
{
    private const int BytesPerToken = 4;

    /// <summary>Tokens of a text that is <paramref name="utf8Bytes"/> long; 0 for none.</summary>
    public static int FromBytes(long utf8Bytes) => (int)Math.Min(int.MaxValue, (utf8Bytes + BytesPerToken - 1) / BytesPerToken);
}
