namespace AiRouter.Prompting.Outputs;

/// <summary>
/// Reads one answer of a model as it comes, whatever the borders of its pieces, and tells text, reasoning and tool calls
/// apart. O(n) over the answer; holds back no more than the longest marker that is not decided yet, or a call's name. One
/// for each choice.
/// </summary>
public interface IOutputParser
{
    /// <summary>Takes the next piece (UTF-8, whole code points).</summary>
    void Push(ReadOnlySpan<byte> text, IOutputSink sink);

    /// <summary>The answer has ended: what was held back is decided now. What is no whole call is content.</summary>
    void End(IOutputSink sink);
}
