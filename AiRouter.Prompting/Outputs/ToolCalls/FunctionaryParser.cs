using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>Reads the forms of <see cref="FunctionaryFormat"/>.</summary>
internal sealed class FunctionaryParser(OutputContext context) : JsonArgumentsParser(context)
{
    private const int Function = 0;
    private static readonly byte[][] Closers = ["</function>"u8.ToArray()];
    private static readonly StopStrings Both = new(["<function=", ">>>"]);

    /// <inheritdoc/>
    protected override StopStrings Markers => Both;

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Opening() =>
        Context.PromptEnd.Span.TrimEnd(" \n"u8).EndsWith(">>>"u8) ? Recipient() : [];

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Block() => Found == Function ? FunctionCall() : Recipient();

    private IEnumerable<Pause> FunctionCall()
    {
        var name = ReadText.Length;
        while (Pending(Word(name)))
        {
            yield return default;
        }

        Ok = TakeName(ReadText[name..]);
        while (Ok && Pending(Literal(">"u8)))
        {
            yield return default;
        }

        foreach (var pause in Ok ? Arguments() : [])
        {
            yield return pause;
        }

        if (!Ok)
        {
            GiveUp();
            yield break;
        }

        foreach (var pause in Closer(Closers))
        {
            yield return pause;
        }
    }

    private IEnumerable<Pause> Recipient()
    {
        var name = ReadText.Length;
        while (Pending(Word(name)))
        {
            yield return default;
        }

        var end = ReadText.Length;
        while (Pending(Literal("\n"u8)))
        {
            yield return default;
        }

        if (Ok && ReadText[name..end].SequenceEqual("all"u8))
        {
            Drop();
            yield break;
        }

        Ok = Ok && TakeName(ReadText[name..end]);
        foreach (var pause in Ok ? Arguments() : [])
        {
            yield return pause;
        }

        if (!Ok)
        {
            GiveUp();
        }
    }
}
