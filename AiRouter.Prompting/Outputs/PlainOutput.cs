namespace AiRouter.Prompting.Outputs;

/// <summary>Everything is content.</summary>
public sealed class PlainOutput : IOutputParser
{
    /// <inheritdoc/>
    public void Push(ReadOnlySpan<byte> text, IOutputSink sink)
    {
        if (!text.IsEmpty)
        {
            sink.Content(text);
        }
    }

    /// <inheritdoc/>
    public void End(IOutputSink sink)
    {
    }
}
