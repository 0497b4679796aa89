namespace AiRouter.Api.Admission;

/// <summary>The most that one request may come to (R32).</summary>
/// <param name="Input">Input tokens.</param>
/// <param name="Output">Output tokens, of all choices together.</param>
/// <param name="Slots">Choices that are made at the same time (R13).</param>
internal readonly record struct RequestSize(long Input, long Output, int Slots)
{
    /// <summary>Input and output.</summary>
    public long Tokens => Input + Output;
}
