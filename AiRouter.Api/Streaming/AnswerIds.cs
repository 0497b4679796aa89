namespace AiRouter.Api.Streaming;

/// <summary>Makes the ids of answers: OpenAI's alphabet and length, so that clients which check them are content.</summary>
internal sealed class AnswerIds(Random random)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int Length = 29;

    /// <summary>A new id: <paramref name="prefix"/> and 29 random letters and digits (172 bits).</summary>
    public string New(string prefix) => prefix + random.GetString(Alphabet, Length);
}
