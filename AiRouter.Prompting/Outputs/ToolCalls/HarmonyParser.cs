using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Reads the messages of gpt-oss (github.com/openai/harmony/docs/format.md): a header with a channel and maybe a
/// recipient, <c>&lt;|message|&gt;</c>, a text, an end. It is the parser of calls and of reasoning in one, because the
/// headers mark both.
/// <para>A backend that leaves special tokens out writes <c>analysisText…assistantfinalText</c> instead: read too, as
/// far as it can be told from words.</para>
/// </summary>
/// <param name="context">The request.</param>
/// <param name="splitsReasoning">Whether the analysis is told as reasoning; else it is content.</param>
internal sealed class HarmonyParser(OutputContext context, bool splitsReasoning) : JsonArgumentsParser(context)
{
    private const int HeaderLimit = 512;
    private const int FirstHeader = 3;

    private static readonly StopStrings BodyMarkers =
        new(["<|end|>", "<|call|>", "<|return|>", "<|start|>", "<|channel|>"]);

    private static readonly StopStrings BareMarkers =
        new([.. BodyMarkers.Texts, "assistantanalysis", "assistantcommentary", "assistantfinal"]);

    private static readonly byte[][] Ends = ["<|end|>"u8.ToArray(), "<|call|>"u8.ToArray(), "<|return|>"u8.ToArray()];
    private static readonly byte[][] Starts = ["<|start|>"u8.ToArray(), "<|channel|>"u8.ToArray(), "to="u8.ToArray()];

    private bool _isAnalysis;
    private bool _isBare;
    private bool _keepsEnd;

    /// <inheritdoc/>
    protected override StopStrings Markers => _isBare ? BareMarkers : BodyMarkers;

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Opening()
    {
        var prompt = Context.PromptEnd.Span;
        if (prompt.EndsWith("<|message|>"u8))
        {
            _isAnalysis = prompt.EndsWith("<|channel|>analysis<|message|>"u8);
            yield break;
        }

        while (Pending(Blank()))
        {
            yield return default;
        }

        while (Pending(OneOf(Starts)))
        {
            yield return default;
        }

        if (Ok)
        {
            foreach (var pause in Header())
            {
                yield return pause;
            }

            yield break;
        }

        while (Pending(OneOf(HarmonyHeader.Channels)))
        {
            yield return default;
        }

        while (Ok && Next() == NeedsMore)
        {
            yield return default;
        }

        // "analysisWe", "commentary to=" and "finalYes" are headers without their tokens; "finally" is text.
        Ok = Ok && Next() != Over && !char.IsAsciiLetterLower((char)Next()) &&
            (Next() != ' ' || Found == (int)HarmonyChannel.Commentary);
        if (!Ok)
        {
            GiveUp();
            yield break;
        }

        _isBare = true;
        foreach (var pause in BareBody((HarmonyChannel)Found))
        {
            yield return pause;
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Block()
    {
        if (Found > BodyMarkers.Texts.Count - 1)
        {
            return BareBody((HarmonyChannel)(Found - BodyMarkers.Texts.Count));
        }

        if (Found >= FirstHeader)
        {
            return Header();
        }

        if (_keepsEnd)
        {
            _keepsEnd = false;
            GiveUp();
        }
        else
        {
            EndBody();
        }

        return [];
    }

    /// <inheritdoc/>
    protected override int Give(ReadOnlySpan<byte> text)
    {
        if (!_isAnalysis || !splitsReasoning)
        {
            return base.Give(text);
        }

        if (!text.IsEmpty)
        {
            Sink.Reasoning(text);
        }

        return text.Length;
    }

    private IEnumerable<Pause> Header()
    {
        while (Pending(HeaderText()))
        {
            yield return default;
        }

        if (!Ok || !HarmonyHeader.TryRead(ReadText, out var channel, out var recipient))
        {
            EndAnalysis();
            GiveUp();
            yield break;
        }

        if (recipient is not { } name)
        {
            BeginBody(channel);
            yield break;
        }

        foreach (var pause in Call(name))
        {
            yield return pause;
        }
    }

    /// <summary>A message whose header lost its tokens, behind the channel's name.</summary>
    private IEnumerable<Pause> BareBody(HarmonyChannel channel)
    {
        if (channel != HarmonyChannel.Commentary)
        {
            BeginBody(channel);
            _isBare = channel != HarmonyChannel.Final;
            yield break;
        }

        while (Pending(Literal(" to="u8)))
        {
            yield return default;
        }

        if (!Ok)
        {
            BeginBody(channel);
            yield break;
        }

        var start = ReadText.Length;
        while (Pending(Word(start)))
        {
            yield return default;
        }

        var recipient = start..ReadText.Length;
        while (Pending(Blank()))
        {
            yield return default;
        }

        // "json" or "code", what the arguments were constrained to.
        var constraint = ReadText.Length;
        while (Pending(Word(constraint)))
        {
            yield return default;
        }

        foreach (var pause in Call(recipient))
        {
            yield return pause;
        }
    }

    private IEnumerable<Pause> Call(Range recipient)
    {
        EndAnalysis();
        Ok = TakeName(HarmonyHeader.FunctionOf(ReadText[recipient]));
        while (Ok && Pending(Blank()))
        {
            yield return default;
        }

        if (Ok)
        {
            while (Pending(OneOf(Ends)))
            {
                yield return default;
            }

            if (Ok)
            {
                FinishEmpty();
                yield break;
            }

            foreach (var pause in Arguments())
            {
                yield return pause;
            }
        }

        if (!Ok)
        {
            // What was no call is content with its end marker, as the model wrote it.
            _keepsEnd = true;
            GiveUp();
            yield break;
        }

        while (Pending(Blank()))
        {
            yield return default;
        }

        while (Pending(OneOf(Ends)))
        {
            yield return default;
        }

        if (Ok)
        {
            Drop();
        }
    }

    private Step HeaderText()
    {
        while (true)
        {
            var step = Literal("<|message|>"u8);
            if (step != Step.No)
            {
                return step;
            }

            var next = Next();
            if (next is Over or '\n' || ReadText.Length > HeaderLimit)
            {
                return Step.No;
            }

            Skip(1);
        }
    }

    private void BeginBody(HarmonyChannel channel)
    {
        EndBody();
        _isAnalysis = channel == HarmonyChannel.Analysis;
    }

    private void EndBody()
    {
        Drop();
        EndAnalysis();
    }

    private void EndAnalysis()
    {
        if (_isAnalysis && !splitsReasoning)
        {
            Sink.Content("\n\n"u8);
        }

        _isAnalysis = false;
    }
}
