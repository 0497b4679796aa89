using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.Reasoning;

/// <summary>Leaves markers out that stand around an answer.</summary>
internal sealed class MarkerFilter(IOutputParser rest, StopStrings markers) : TextParser
{
    /// <inheritdoc/>
    public override void End(IOutputSink sink)
    {
        base.End(sink);
        rest.End(sink);
    }

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Read()
    {
        do
        {
            while (Pending(Find(markers)))
            {
                yield return default;
            }

            Drop();
        }
        while (Ok);
    }

    /// <inheritdoc/>
    protected override int Give(ReadOnlySpan<byte> text)
    {
        rest.Push(text, Sink);
        return text.Length;
    }
}
