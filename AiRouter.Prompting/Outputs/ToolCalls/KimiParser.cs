using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>Reads the form of <see cref="KimiFormat"/>.</summary>
internal sealed class KimiParser(OutputContext context) : SectionParser(context, Style)
{
    private static readonly SectionStyle Style = new()
    {
        Markers = new StopStrings(
            ["<|tool_calls_section_begin|>", "<|tool_call_section_begin|>", "<|tool_call_begin|>"]),
        CallOpener = "<|tool_call_begin|>"u8.ToArray(),
        Closers =
        [
            "<|tool_call_end|>"u8.ToArray(), "<|tool_calls_section_end|>"u8.ToArray(),
            "<|tool_call_section_end|>"u8.ToArray(),
        ],
    };

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Head()
    {
        var start = ReadText.Length;
        while (Pending(Word(start)))
        {
            yield return default;
        }

        var end = ReadText.Length;
        while (Pending(Blank()))
        {
            yield return default;
        }

        while (Pending(Literal("<|tool_call_argument_begin|>"u8)))
        {
            yield return default;
        }

        Ok = Ok && TakeIdAndName(ReadText[start..end]);
    }

    private bool TakeIdAndName(ReadOnlySpan<byte> id)
    {
        var name = id;
        var colon = id.LastIndexOf((byte)':');
        if (colon >= 0 && id[(colon + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
        {
            name = id[..colon];
            TakeId(id);
        }

        return TakeName(name.StartsWith("functions."u8) ? name["functions.".Length..] : name) || TakeName(name);
    }
}
