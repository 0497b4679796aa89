using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>Reads calls that stand, each between markers of its own, in a section between markers.</summary>
internal abstract class SectionParser(OutputContext context, SectionStyle style) : JsonArgumentsParser(context)
{
    /// <inheritdoc/>
    protected override StopStrings Markers => style.Markers;

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Block()
    {
        var isInCall = Found == style.Markers.Texts.Count - 1;
        while (true)
        {
            while (Pending(Blank()))
            {
                yield return default;
            }

            while (!isInCall && Pending(Literal(style.CallOpener)))
            {
                yield return default;
            }

            foreach (var pause in isInCall || Ok ? Call() : [])
            {
                yield return pause;
            }

            if (!Ok)
            {
                GiveUp();
                yield break;
            }

            isInCall = false;
            foreach (var pause in Closers())
            {
                yield return pause;
            }

            // Another call, or whatever follows the section.
            while (Pending(Literal(style.CallOpener)))
            {
                yield return default;
            }

            if (!Ok)
            {
                yield break;
            }

            isInCall = true;
        }
    }

    /// <summary>Reads what stands before the arguments. Ok: the name is known.</summary>
    protected abstract IEnumerable<Pause> Head();

    private IEnumerable<Pause> Call()
    {
        while (Pending(Blank()))
        {
            yield return default;
        }

        foreach (var pause in Head())
        {
            yield return pause;
        }

        if (!Ok)
        {
            yield break;
        }

        while (Pending(Blank()))
        {
            yield return default;
        }

        while (Pending(Literal(style.Fence)))
        {
            yield return default;
        }

        foreach (var pause in Arguments())
        {
            yield return pause;
        }
    }

    private IEnumerable<Pause> Closers()
    {
        do
        {
            foreach (var pause in Closer(style.Closers))
            {
                yield return pause;
            }
        }
        while (Ok);
    }
}
