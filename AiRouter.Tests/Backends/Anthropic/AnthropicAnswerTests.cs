using System.Text.Json.Nodes;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using static AiRouter.Tests.Backends.Anthropic.AnthropicRouter;

namespace AiRouter.Tests.Backends.Anthropic;

/// <summary>What comes of the answers of a backend of kind <c>anthropic</c> that chat is translated for.</summary>
public sealed class AnthropicAnswerTests
{
    [Fact]
    public async Task Whole_answer_becomes_a_completion()
    {
        var answer = await AskAsync(Ask, call => call.JsonAsync(
            """{"id":"msg_1","type":"message","role":"assistant","model":"backend-model","content":[{"type":"thinking","thinking":"Hm.","signature":"s"},{"type":"redacted_thinking","data":"x"},{"type":"text","text":"Grüße"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a":"b"}},{"type":"tool_use","id":"toolu_2","name":"g","input":{}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":5}}"""));

        Assert.Equal(200, answer.Status);
        var json = JsonNode.Parse(answer.Body)!;
        Assert.InRange((long)json["created"]!, 1_700_000_000, 4_000_000_000);
        json["created"] = 1;
        Assert.Equal(
            """{"id":"msg_1","object":"chat.completion","created":1,"model":"public-model","choices":[{"index":0,"message":{"role":"assistant","content":"Gr\u00FC\u00DFe","refusal":null,"reasoning_content":"Hm.","tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"f","arguments":"{\u0022a\u0022:\u0022b\u0022}"}},{"id":"toolu_2","type":"function","function":{"name":"g","arguments":"{}"}}]},"logprobs":null,"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":15,"completion_tokens":5,"total_tokens":20,"prompt_tokens_details":{"cached_tokens":3}}}""",
            json.ToJsonString());
    }

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("refusal", "content_filter")]
    [InlineData("pause_turn", "stop")]
    public async Task Reason_has_a_word_in_chat(string reason, string finish)
    {
        var whole = await AskAsync(Ask, call => call.JsonAsync(Message.Whole.Replace("end_turn", reason, StringComparison.Ordinal)));
        var stream = await AskAsync(AskStream, call => call.EventsAsync(Message.Start, Message.Text(0, "x"), Message.Delta(reason), Message.Stop));

        Assert.Equal(finish, (string?)JsonNode.Parse(whole.Body)!["choices"]![0]!["finish_reason"]);
        Assert.Contains($"\"finish_reason\":\"{finish}\"", stream.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_becomes_chunks()
    {
        var answer = await AskAsync(AskStream, call => call.EventsAsync(
            Message.Start,
            Message.Ping,
            Message.Block(0, """{"type":"thinking","thinking":"","signature":""}""", """{"type":"thinking_delta","thinking":"Let me see."}""", """{"type":"signature_delta","signature":"s"}"""),
            Message.Text(1, "Gr\\u00fc\\u00dfe", " you"),
            Message.Block(2, """{"type":"tool_use","id":"toolu_1","name":"f","input":{}}""", """{"type":"input_json_delta","partial_json":""}""", """{"type":"input_json_delta","partial_json":"{\"a\": "}""", """{"type":"input_json_delta","partial_json":"1}"}"""),
            Message.Ping,
            Message.Block(3, """{"type":"tool_use","id":"toolu_2","name":"g","input":{}}"""),
            Message.Block(4, """{"type":"tool_use","id":"toolu_3","name":"h","input":{"whole":true}}"""),
            Message.Delta("tool_use"),
            Message.Stop));

        Assert.Equal(200, answer.Status);
        Assert.True(answer.IsWhole);
        Golden.Equal("stream.txt", WithoutTime(answer.Body));
    }

    [Fact]
    public async Task Stream_with_a_stop_sequence_says_which()
    {
        var answer = await AskAsync(AskStream, call => call.EventsAsync(
            Message.Start, Message.Text(0, "x"), Message.Delta("stop_sequence", "\"END\""), Message.Stop));

        Assert.Contains("\"finish_reason\":\"stop\",\"stop_reason\":\"END\"", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stream: always")]
    [InlineData("stream: never")]
    public async Task Client_gets_the_form_that_it_asked_for(string mix)
    {
        var streams = mix == "stream: always";
        await using var upstream = await ScriptedUpstream.StartAsync(call => streams
            ? call.EventsAsync(Message.Start, Message.Text(0, "Hel", "lo"), Message.Delta("end_turn"), Message.Stop)
            : call.JsonAsync(Message.Whole));
        await using var router = await RunningRouter.StartAsync(
            upstream, b => b with { Kind = BackendKind.Anthropic },
            t => t with { Stream = streams ? TargetStream.Always : TargetStream.Never });

        var answer = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", streams ? Ask : AskStream);

        Assert.Equal(200, answer.Status);
        Assert.Equal(streams, upstream.Request.Text.Contains("\"stream\":true", StringComparison.Ordinal));
        Assert.Equal(!streams, answer.Body.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));
        Assert.Contains("\"content\":\"Hello\"", answer.Body, StringComparison.Ordinal);
        Assert.Contains("\"prompt_tokens\":15", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("""{"object":"chat.completion","choices":[]}""")]
    [InlineData("")]
    public async Task Answer_that_is_no_message_is_an_error(string body)
    {
        var whole = await AskAsync(Ask, call => call.JsonAsync(body));
        var stream = await AskAsync(AskStream, call => call.EventsAsync($"data: {body}x\n\n"));

        Assert.Equal(502, whole.Status);
        Assert.Equal(502, stream.Status);
    }

    private static string WithoutTime(string body) =>
        System.Text.RegularExpressions.Regex.Replace(body, "\"created\":[0-9]+", "\"created\":1");
}
