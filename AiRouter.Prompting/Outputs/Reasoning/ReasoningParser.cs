using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.Reasoning;

/// <summary>
/// Splits the reasoning off that stands at an answer's beginning: behind an opening marker, or from the first byte on
/// when the prompt ended in an open one. A closing marker without either is text, since nothing before it can be taken
/// back. White space beside the markers belongs to them, as in the models' own templates. An answer that ends before
/// the closing marker is all reasoning.
/// </summary>
internal sealed class ReasoningParser(OutputContext context, IOutputParser rest, ReasoningStyle style) : TextParser
{
    /// <summary>More line breaks than this are reasoning, even before the closing marker.</summary>
    private const int LineBreakLimit = 256;

    private bool _isRest;
    private bool _hasText;
    private bool _isLongRun;

    /// <inheritdoc/>
    public override void Push(ReadOnlySpan<byte> text, IOutputSink sink)
    {
        if (_isRest && Held == 0)
        {
            rest.Push(text, sink);
        }
        else
        {
            base.Push(text, sink);
        }
    }

    /// <inheritdoc/>
    public override void End(IOutputSink sink)
    {
        base.End(sink);
        rest.End(sink);
    }

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Read()
    {
        var isOpen = IsOpenAtPromptEnd();
        while (Pending(Blank()))
        {
            yield return default;
        }

        // A model may repeat the marker that its prompt ended in.
        while (Pending(OneOf(style.Openers)))
        {
            yield return default;
        }

        if (Ok || isOpen)
        {
            if (Ok)
            {
                Drop();
            }
            else
            {
                Back();
            }

            while (Pending(Find(style.Closers)))
            {
                yield return default;
            }

            Drop();
            while (Pending(Space()))
            {
                yield return default;
            }
        }

        Back();
        _isRest = true;
        while (true)
        {
            Skip(Unread.Length);
            rest.Push(Take(), Sink);
            if (IsOver)
            {
                yield break;
            }

            yield return default;
        }
    }

    /// <inheritdoc/>
    protected override int Give(ReadOnlySpan<byte> text)
    {
        if (!_hasText)
        {
            var first = text.IndexOfAnyExcept(style.Space);
            if (first < 0)
            {
                return text.Length;
            }

            _hasText = true;
            return first + Give(text[first..]);
        }

        var length = text.LastIndexOfAnyExcept(style.Space) + 1;
        _isLongRun = text.Length - length > LineBreakLimit || (_isLongRun && length == 0);
        if (_isLongRun)
        {
            length = text.Length;
        }

        if (length > 0)
        {
            Sink.Reasoning(text[..length]);
        }

        return length;
    }

    private Step Space()
    {
        while (Next() >= 0 && style.Space.Contains((byte)Next()))
        {
            Skip(1);
            Drop();
        }

        return Next() == NeedsMore ? Step.More : Step.Yes;
    }

    private bool IsOpenAtPromptEnd()
    {
        var end = context.PromptEnd.Span.TrimEnd(" \n\r\t"u8);
        foreach (var opener in style.Openers)
        {
            if (end.EndsWith(opener))
            {
                return true;
            }
        }

        return false;
    }
}
