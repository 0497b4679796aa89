using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Reads the forms of <see cref="DeepSeekFormat"/>. R1 is known to write the section's marker in several ways.
/// </summary>
internal sealed class DeepSeekParser(OutputContext context) : SectionParser(context, Style)
{
    private static readonly SectionStyle Style = new()
    {
        Markers = new StopStrings(
        [
            "<｜tool▁calls▁begin｜>", "<｜tool_calls_begin｜>", "<｜tool calls begin｜>", "<｜tool▁calls｜>",
            "<｜tool▁call▁begin｜>",
        ]),
        CallOpener = "<｜tool▁call▁begin｜>"u8.ToArray(),
        Fence = "```json"u8.ToArray(),
        Closers = ["```"u8.ToArray(), "<｜tool▁call▁end｜>"u8.ToArray(), "<｜tool▁calls▁end｜>"u8.ToArray()],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Head()
    {
        var first = ReadText.Length;
        while (Pending(Word(first)))
        {
            yield return default;
        }

        var firstEnd = ReadText.Length;
        while (Pending(Literal("<｜tool▁sep｜>"u8)))
        {
            yield return default;
        }

        if (!Ok)
        {
            yield break;
        }

        while (Pending(Blank()))
        {
            yield return default;
        }

        // V3.1 has the name before the separator, its elders the word "function" there and the name behind it.
        var second = ReadText.Length;
        while (Pending(Word(second)))
        {
            yield return default;
        }

        Ok = TakeName(second == ReadText.Length ? ReadText[first..firstEnd] : ReadText[second..]);
    }
}
