using System.Text;
using System.Text.Json;
using AiRouter.Prompting.Outputs;
using AiRouter.Prompting.Outputs.Reading;
using AiRouter.Tests.Prompting.Outputs.Transcripts;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AiRouter.Tests.Prompting.Outputs;

/// <summary>
/// What holds of every parser and every answer: those of the transcripts, cut up, mixed and damaged, and noise.
/// </summary>
public sealed class OutputParserPropertyTests
{
    private static readonly string[] Noise =
    [
        "{", "}", "[", "]", "\"", "'", "\\", ":", ",", ";", "(", ")", "=", "<", ">", "|", " ", "\n", "\n\n", "a", "é",
            "😀", "\u0001", "0", "-1.5",
        "true", "null", "\\u00e9", "\\ud83d", "{\"name\": \"", "search", "\"arguments\": ", "\"parameters\": {", "{}",
            "```", "</",
        "<tool_call>", "</tool_call>", "<function=", "<parameter=", "</parameter>", "<arg_key>", "<think>", "</think>",
            "[TOOL_CALLS]",
        "[ARGS]", "<|python_tag|>", "<|channel|>", "<|message|>", "<|end|>", "<|start|>assistant", "functions.search",
            ">>>", "all\n",
        "<｜tool▁calls▁begin｜>", "<｜tool▁sep｜>", "<|tool_call_begin|>", "Action:", "get_time(", "q='",
    ];

    private static readonly (string? Calls, string? Reasoning)[] Formats =
    [
        .. OutputParsers.ToolCalls.Keys.Select(k => ((string?)k, (string?)null)),
        .. OutputParsers.Reasoning.Keys.Select(k => ((string?)(k == "harmony" ? k : "hermes"), (string?)k)),
    ];

    /// <summary>A transcript with damage: pieces of it and of others, noise between them.</summary>
    private static readonly Gen<(Transcript Transcript, string Answer, int[] Cuts)> Cases =
        from transcript in Gen.Elements(AllTranscripts.All)
        from other in Gen.Elements(AllTranscripts.All.Where(t => t.Format == transcript.Format).ToArray())
        from isOwnFormat in Gen.Elements(true, true, true, false)
        from format in Gen.Elements(Formats)
        from edits in Gen.Choose(0, 3)
        from noise in Gen.Elements(Noise).ArrayOf(edits + 1)
        from places in Gen.Choose(0, 1000).ArrayOf((3 * edits) + 1)
        from isPureNoise in Gen.Elements(true, false, false, false, false, false, false)
        from pure in Gen.Elements(Noise).ArrayOf()
        from cuts in Gen.Choose(1, 7).NonEmptyListOf()
        select (
            isOwnFormat ? transcript : transcript with { Format = format.Calls, Reasoning = format.Reasoning },
            isPureNoise ? string.Concat(pure) : Damage(transcript.Answer, other.Answer, edits, noise, places),
            cuts.ToArray());

    [Property(MaxTest = 2500)]
    public Property Any_cutting_gives_what_one_piece_gives() => Prop.ForAll(Cases.ToArbitrary(), c =>
    {
        var whole = ParserRun.Read(c.Transcript.Start(), [Encoding.UTF8.GetBytes(c.Answer)]).Parts;
        var cut = ParserRun.Read(c.Transcript.Start(), ParserRun.Cut(c.Answer, c.Cuts)).Parts;
        var single = ParserRun.Read(c.Transcript.Start(), ParserRun.Cut(c.Answer, [1])).Parts;

        Assert.Equal(whole, cut);
        Assert.Equal(whole, single);
        Assert.All(whole.Where(p => p.StartsWith("call ", StringComparison.Ordinal)), AssertIsCall);
        if (KeepsAllText(c.Transcript) && whole.All(p => p.StartsWith("content: ", StringComparison.Ordinal)))
        {
            Assert.Equal(c.Answer, string.Concat(whole.Select(p => p["content: ".Length..])));
        }
    });

    /// <summary>
    /// Twice the answer is at most twice the work, and no byte is looked at more often than a marker is long.
    /// </summary>
    [Theory]
    [MemberData(nameof(OutputParserTests.Transcripts), MemberType = typeof(OutputParserTests))]
    public void Work_grows_with_the_answer_alone(int index, string name)
    {
        var transcript = AllTranscripts.All[index];
        Assert.Equal(transcript.ToString(), name);
        foreach (var answer in new[] { transcript.Answer, transcript.Answer[..(transcript.Answer.Length / 2)] })
        {
            var parser = transcript.Start();
            var text = string.Concat(Enumerable.Repeat(answer, 10));
            ParserRun.Read(parser, ParserRun.Cut(text, [1]));
            if (parser is TextParser { Work: var work })
            {
                Assert.InRange(work, 0, 64L * (Encoding.UTF8.GetByteCount(text) + 1));
            }
        }
    }

    private static bool KeepsAllText(Transcript transcript) =>
        transcript.Reasoning is null && transcript.Format is { } format &&
        !format.StartsWith("functionary", StringComparison.Ordinal) && format != "harmony";

    private static void AssertIsCall(string part)
    {
        var words = part.Split(' ', 3);
        Assert.Contains(words[1].Split('#')[0], Transcript.Tools);
        using var arguments = JsonDocument.Parse(words[2], new JsonDocumentOptions { MaxDepth = 200 });
        Assert.Equal(JsonValueKind.Object, arguments.RootElement.ValueKind);
    }

    private static string Damage(string text, string other, int edits, string[] noise, int[] places)
    {
        for (var i = 0; i < edits; i++)
        {
            var from = Place(text, places[3 * i]);
            var to = Place(text, places[(3 * i) + 1]);
            text = (places[(3 * i) + 2] % 5) switch
            {
                0 => text[..from] + noise[i] + text[from..],
                1 when from < to => text[..from] + text[to..],
                2 => text[..from] + other + text[from..],
                3 => text[..from],
                _ => text + other,
            };
        }

        return text;
    }

    /// <summary>A place between two code points.</summary>
    private static int Place(string text, int thousandth)
    {
        var at = text.Length * thousandth / 1000;
        return at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at - 1 : at;
    }
}
