using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>Reads the forms of <see cref="MistralFormat"/>, the markers swallowed or not.</summary>
internal sealed class MistralParser(OutputContext context) : JsonCallParser(context, Style)
{
    private static readonly JsonCallStyle Style = new() { Markers = new StopStrings(["[TOOL_CALLS]"]) };

    /// <summary>The markers may have been swallowed: a list, or known names right before braces, are calls.</summary>
    protected override IEnumerable<Pause> Opening()
    {
        do
        {
            foreach (var pause in Block())
            {
                yield return pause;
            }

            while (Ok && Pending(Blank()))
            {
                yield return default;
            }
        }
        while (Ok && Next() != Over);
    }

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Block()
    {
        while (Pending(Blank()))
        {
            yield return default;
        }

        if (Next() is '[' or '{')
        {
            foreach (var pause in base.Block())
            {
                yield return pause;
            }

            yield break;
        }

        foreach (var pause in NamedCall())
        {
            yield return pause;
        }

        if (!Ok)
        {
            GiveUp();
        }
    }

    private IEnumerable<Pause> NamedCall()
    {
        var name = ReadText.Length;
        while (Pending(ToolWord(name)))
        {
            yield return default;
        }

        Ok = Ok && TakeName(ReadText[name..]);
        if (!Ok)
        {
            yield break;
        }

        while (Pending(Literal("[CALL_ID]"u8)))
        {
            yield return default;
        }

        if (Ok)
        {
            var id = ReadText.Length;
            while (Pending(Word(id)))
            {
                yield return default;
            }

            TakeId(ReadText[id..]);
        }

        while (Pending(Literal("[ARGS]"u8)))
        {
            yield return default;
        }

        while (Pending(Blank()))
        {
            yield return default;
        }

        Ok = Next() == '{';
        foreach (var pause in Ok ? Arguments() : [])
        {
            yield return pause;
        }
    }
}
