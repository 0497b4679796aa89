using AiRouter.Api.Backends.Triton.Generations;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Prompting.Outputs;
using AiRouter.Tests.Fixtures;
using AiRouter.Triton;

namespace AiRouter.Tests.Backends.Triton;

public sealed class AnswerSinkTests
{
    [Fact]
    public void R16_stop_texts_match_in_content_only()
    {
        var (sink, parts) = Start(Parsed, "STOP");
        sink.Reasoning("a STOP b"u8);
        sink.BeginToolCall(default, "STOP"u8);
        sink.Arguments("{\"a\":\"STOP\"}"u8);
        sink.EndToolCall();
        sink.Content("one ST"u8);
        sink.Content("OP two"u8);

        Assert.True(sink is { IsStopped: true, HasStopText: true });
        Assert.Equal(
            ["reasoning: a STOP b", "call 0: ID STOP", "arguments 0: {\"a\":\"STOP\"}", "content: one "], Known(parts));
    }

    [Fact]
    public void R16_nothing_reaches_the_client_behind_a_stop_text()
    {
        var (sink, parts) = Start(Parsed, "STOP");
        sink.Content("one STOP"u8);
        sink.Content("two"u8);
        sink.Reasoning("x"u8);
        sink.BeginToolCall(default, "f"u8);
        sink.Arguments("{}"u8);
        sink.EndToolCall();
        sink.End();

        Assert.Equal(["content: one "], parts.Lines);
        Assert.Equal(0, sink.Calls);
    }

    [Fact]
    public void Content_that_was_held_back_goes_out_before_a_call()
    {
        var (sink, parts) = Start(Parsed, "STOP");
        sink.Content("one ST"u8);
        sink.BeginToolCall(default, "f"u8);
        sink.EndToolCall();
        sink.Content("OP"u8);
        sink.End();

        Assert.Equal(["content: one ", "content: ST", "call 0: ID f", "content: OP"], Known(parts));
    }

    [Fact]
    public void Answer_ends_with_its_first_call_where_the_client_takes_only_one()
    {
        var (sink, parts) = Start(Parsed with { IsParallel = false });
        sink.BeginToolCall("a"u8, "f"u8);
        sink.Arguments("{}"u8);
        Assert.False(sink.IsStopped);
        sink.EndToolCall();
        sink.BeginToolCall("b"u8, "f"u8);
        sink.Content("more"u8);
        sink.End();

        Assert.True(sink is { IsStopped: true, HasStopText: false, Calls: 1 });
        Assert.Equal(["call 0: a f", "arguments 0: {}"], parts.Lines);
    }

    [Fact]
    public void Ids_are_the_models_own_where_they_are_unique_and_else_ours()
    {
        var (sink, parts) = Start(Parsed);
        foreach (var id in (string[])["own", "own", "", ""])
        {
            sink.BeginToolCall(System.Text.Encoding.UTF8.GetBytes(id), "f"u8);
            sink.EndToolCall();
        }

        var ids = parts.Lines.ConvertAll(l => l.Split(' ')[2]);
        Assert.Equal("own", ids[0]);
        Assert.All(ids.Skip(1), id => Assert.Matches("^call_[A-Za-z0-9]{24}$", id));
        Assert.Equal(4, ids.Distinct().Count());
    }

    [Fact]
    public void Tokens_of_reasoning_calls_and_markers_are_not_among_the_contents()
    {
        var (sink, parts) = Start(Parsed, withLogProbs: true);
        sink.BeginRead(parts, "<t>th ink</t>Hi "u8, Tokens("<t>", "th", " ink", "</t>Hi", " "));
        sink.Reasoning("th ink"u8);
        sink.Content("Hi "u8);
        sink.BeginRead(parts, "you<c>f{}"u8, Tokens("you", "<c>", "f", "{", "}"));
        sink.Content("you"u8);
        sink.BeginToolCall(default, "f"u8);
        sink.Arguments("{}"u8);
        sink.EndToolCall();
        sink.End();

        Assert.Equal(["</t>Hi", " ", "you"], parts.Tokens);
    }

    [Fact]
    public void Plain_answer_costs_no_allocation_a_piece()
    {
        var settings = Settings(AnswerReading.Plain, "STOP");
        var sink = new AnswerSink(settings);
        var parser = AnswerReading.Plain.Start(new Prompt(default));
        var ends = new StopMatcher(settings.Ends);
        var parts = new NoParts();
        var pieces = 0;

        Assert.Equal(0, Allocations.Of(() => Run(10_000)));
        Assert.Equal(pieces * " \"quoted\" S\n"u8.Length, parts.Bytes);

        void Run(int times)
        {
            pieces += times;
            for (var i = 0; i < times; i++)
            {
                sink.BeginRead(parts, " \"quoted\" S\n"u8, null);
                var rest = ends.Push(" \"quoted\" S\n"u8);
                parser.Push(rest.Held, sink);
                parser.Push(rest.Piece, sink);
            }
        }
    }

    private static AnswerReading Parsed => AnswerReading.Plain with { Calls = new AnyCalls() };

    private static (AnswerSink Sink, RecordedParts Parts) Start(
        AnswerReading reading, string? stop = null, bool withLogProbs = false)
    {
        var sink = new AnswerSink(Settings(reading, stop, withLogProbs));
        var parts = new RecordedParts();
        sink.BeginRead(parts, default, null);
        return (sink, parts);
    }

    private static ChoiceSettings Settings(AnswerReading reading, string? stop, bool withLogProbs = false) => new(
        new TextRequest
        {
            Dialect = ChatDialect.Instance,
            Prompts = [],
            Stop = stop is null ? [] : [stop],
            Reading = reading,
            Settings = new GenerationRequest
            {
                Prompt = default,
                MaxTokens = 9,
                RequestId = "r",
                LogProbs = withLogProbs,
            },
        },
        new AnswerIds(new Random(1)), tokenizer: null);

    /// <summary>The lines, random ids left out.</summary>
    private static IEnumerable<string> Known(RecordedParts parts) =>
        parts.Lines.Select(l => System.Text.RegularExpressions.Regex.Replace(l, "call_[A-Za-z0-9]{24}", "ID"));

    private static TokenLogProb[] Tokens(params string[] texts) => [.. texts.Select(t => new TokenLogProb(t, -1, []))];

    /// <summary>The sink is fed by hand.</summary>
    private sealed class AnyCalls : IToolCallFormat
    {
        public string Name => "any";

        public bool HasSpecialTokens => false;

        public int? IdLength => null;

        public IOutputParser Start(OutputContext context) => new PlainOutput();

        public string Prefill(string? toolName) => "";
    }

    private sealed class NoParts : IAnswerParts
    {
        public long Bytes { get; private set; }

        public void Content(VisibleText text, IReadOnlyList<TokenLogProb> tokens, int textOffset) =>
            Bytes += text.Length;

        public void Reasoning(ReadOnlySpan<byte> text) => Assert.Fail("No reasoning was there.");

        public void BeginCall(int index, string id, ReadOnlySpan<byte> name) => Assert.Fail("No call was there.");

        public void Arguments(int index, ReadOnlySpan<byte> json) => Assert.Fail("No call was there.");
    }
}
