namespace AiRouter.Api.Streaming;

/// <summary>Makes the ids of answers: OpenAI's alphabet and length, so that clients which check them are content.</summary>
internal sealed class AnswerIds(Random random)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int Length = 29;
    private const int CallLength = 24;

    /// <summary>A new id: <paramref name="prefix"/> and 29 random letters and digits (172 bits).</summary>
    public string New(string prefix) => prefix + random.GetString(Alphabet, Length);

    /// <summary>
    /// A new id of a tool call: <c>call_</c> and 24 letters and digits, or as many without it as the model's templates demand.
    /// </summary>
    public string NewCall(int? length) =>
        length is { } exactly ? random.GetString(Alphabet, exactly) : "call_" + random.GetString(Alphabet, CallLength);
}
