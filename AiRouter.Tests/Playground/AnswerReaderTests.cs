using System.Text;
using AiRouter.Admin.Management.Playground;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Playground;

public sealed class AnswerReaderTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Stream_is_read_with_reasoning_tool_calls_usage_and_finish_reason()
    {
        var answer = await ReadEventsAsync(
            ": keep-alive",
            Choice("""{"role":"assistant","content":""}"""),
            Choice("""{"reasoning_content":"Let me "}"""),
            Choice("""{"reasoning":"think."}"""),
            Choice("""{"content":"It is "}"""),
            Choice("""{"content":"warm."}"""),
            Choice("""{"tool_calls":[{"index":1,"id":"b","function":{"name":"two","arguments":"{\"x"}}]}"""),
            Choice("""{"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"{}"}},{"index":1,"function":{"arguments":"\":1}"}}]}"""),
            """data: {"choices":[{"index":1,"delta":{"content":"another choice"}}]}""",
            """data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
            """data: {"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":3}}}""",
            "data: [DONE]",
            Choice("""{"content":"behind the end"}"""));

        Assert.Null(answer.Error);
        Assert.Equal(("It is warm.", "Let me think."), (answer.Text.ToString(), answer.Reasoning.ToString()));
        Assert.Equal([new ToolCall("a", "one", "{}"), new ToolCall("b", "two", """{"x":1}""")], answer.ToolCalls);
        Assert.Equal("tool_calls", answer.FinishReason);
        Assert.Equal(new AnswerUsage(11, 7) { Cached = 4, Reasoning = 3 }, answer.Usage);
    }

    [Theory]
    [InlineData("""data: {"error":{"message":"The backend broke.","type":"server_error","code":"backend_stream_broken","param":null}}""", "The backend broke.", "backend_stream_broken")]
    [InlineData("data: not json", "An event of the answer is no JSON.", null)]
    [InlineData("", "The answer broke off: the connection ended before the answer did.", null)]
    public async Task Stream_that_fails_keeps_what_came_and_says_why(string end, string message, string? code)
    {
        var answer = await ReadEventsAsync(Choice("""{"content":"Half of"}"""), end);

        Assert.Equal("Half of", answer.Text.ToString());
        Assert.Equal((message, code), (answer.Error?.Message, answer.Error?.Code));
    }

    [Theory]
    [InlineData("""{"error":{"message":"No such model.","type":"invalid_request_error","param":"model","code":"model_not_found"}}""", 404, "No such model.", "model_not_found")]
    [InlineData("<html>Bad gateway</html>", 502, "The answer is no JSON: something else than a router answers there, or stands in between.", null)]
    [InlineData("""{"error":{"message":{"odd":1}}}""", 400, """{"odd":1}""", null)]
    public async Task Error_is_shown_as_the_client_gets_it(string body, int status, string message, string? code)
    {
        var answer = new ChatAnswer(_clock);
        await AnswerReader.ReadWholeAsync(Body(body), status, answer, TestContext.Current.CancellationToken);

        Assert.Equal((message, code, status, body), (answer.Error?.Message, answer.Error?.Code, answer.Error?.Status, answer.Error?.Body));
    }

    [Fact]
    public async Task Whole_answer_is_read()
    {
        var answer = new ChatAnswer(_clock);
        await AnswerReader.ReadWholeAsync(
            Body("""{"choices":[{"index":0,"message":{"content":"Four."},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"estimated":true}}"""),
            200, answer, TestContext.Current.CancellationToken);

        Assert.Null(answer.Error);
        Assert.Equal(("Four.", "stop", true), (answer.Text.ToString(), answer.FinishReason, answer.Usage!.IsEstimated));
    }

    [Fact]
    public void Times_are_from_the_request_to_the_first_token_and_to_the_end()
    {
        var answer = new ChatAnswer(_clock);
        _clock.Advance(TimeSpan.FromSeconds(1));
        answer.Add([]);
        Assert.Null(answer.FirstToken);
        _clock.Advance(TimeSpan.FromSeconds(1));
        answer.Add(new() { ["content"] = "x" });
        _clock.Advance(TimeSpan.FromSeconds(4));
        answer.Count(new AnswerUsage(1, 20));
        Assert.Null(answer.TokensPerSecond);
        answer.End();
        _clock.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal((2, 6, 5.0), (answer.FirstToken!.Value.TotalSeconds, answer.Elapsed.TotalSeconds, answer.TokensPerSecond));
    }

    [Fact]
    public void Growing_text_changes_its_last_piece_only_and_cuts_no_character()
    {
        var text = new GrowingText();
        var whole = new StringBuilder();
        IReadOnlyList<string> before = [];
        for (var i = 0; i < 4000; i++)
        {
            var more = i % 3 == 0 ? "\ud83d" : i % 3 == 1 ? "\ude00" : "ab";
            text.Append(more);
            whole.Append(more);
            var now = text.Pieces;
            Assert.All(before.SkipLast(1).Zip(now), static p => Assert.Same(p.First, p.Second));
            Assert.DoesNotContain(now.SkipLast(1), static p => char.IsHighSurrogate(p[^1]));
            before = now;
        }

        Assert.Equal(whole.ToString(), text.ToString());
        Assert.Equal(whole.ToString(), string.Concat(text.Pieces));
        Assert.Equal(whole.Length, text.Length);
        Assert.True(text.Pieces.Count > 5);
    }

    private async Task<ChatAnswer> ReadEventsAsync(params string[] lines)
    {
        var answer = new ChatAnswer(_clock);
        await AnswerReader.ReadEventsAsync(Body(string.Concat(lines.Select(static l => l + "\n\n"))), answer, TestContext.Current.CancellationToken);
        return answer;
    }

    private static MemoryStream Body(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Choice(string delta) => $$"""data: {"choices":[{"index":0,"delta":{{delta}}}]}""";
}
