using System.Text.Json.Nodes;
using AiRouter.Tests.Fixtures;
using static AiRouter.Tests.Dialects.Messages.Translated;

namespace AiRouter.Tests.Dialects.Messages;

/// <summary>Chat answers as Anthropic's clients get them.</summary>
public sealed class MessagesAnswerTests
{
    private const string Usage = """{"prompt_tokens":20,"completion_tokens":9,"total_tokens":29,"prompt_tokens_details":""" +
        """{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":3}}""";

    [Fact]
    public void Whole_answer_has_thinking_text_and_calls() => Golden.Equal("whole.json", Pretty(JsonNode.Parse(Whole(
        $$$"""
        {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[
        {"index":0,"message":{"role":"assistant","content":"Grüße \"you\"",
        "reasoning_content":"Hm.","refusal":null,"tool_calls":[
        {"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\": \"Bern\"}"}},
        {"id":"call_2","type":"function","function":{"name":"clock","arguments":""}},
        {"id":"","type":"function","function":{"name":"broken","arguments":"{\"city\": \"Be"}},
        {"id":"call_4","type":"function","function":{"name":"list","arguments":"[1]"}}]},"logprobs":null,
        "finish_reason":"tool_calls"}],"usage":{{{Usage}}}}
        """))!));

    [Theory]
    [InlineData("\"stop\"", "", "end_turn", null)]
    [InlineData("\"length\"", "", "max_tokens", null)]
    [InlineData("\"content_filter\"", "", "refusal", null)]
    [InlineData("\"stop\"", ",\"stop_reason\":\"END\"", "stop_sequence", "END")]
    [InlineData("\"stop\"", ",\"matched_stop\":\"END\"", "stop_sequence", "END")]
    [InlineData("\"stop\"", ",\"stop_reason\":\"<|eot|>\"", "end_turn", null)]
    [InlineData("\"stop\"", ",\"stop_reason\":128009", "end_turn", null)]
    public void Reason_is_told_whole_and_streamed(string finish, string more, string reason, string? sequence)
    {
        const string request = """{"stop_sequences":["END"]}""";
        var whole = JsonNode.Parse(Whole(
            $$"""{"choices":[{"index":0,"message":{"content":"x"},"finish_reason":{{finish}}{{more}}}]}""", request))!;
        var last = Events(Stream(request, Chunk("""{"content":"x"}"""), Chunk("{}", finish, more)))[^2]["delta"]!;

        Assert.All([whole, last], node =>
        {
            Assert.Equal(reason, (string?)node["stop_reason"]);
            Assert.Equal(sequence, (string?)node["stop_sequence"]);
        });
    }

    [Fact]
    public void Forced_call_that_ends_with_stop_is_a_use_of_a_tool()
    {
        const string calls = """[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]""";

        Assert.Equal("tool_use", (string?)JsonNode.Parse(Whole(
            $$"""{"choices":[{"message":{"content":null,"tool_calls":{{calls}}},"finish_reason":"stop"}]}"""))!["stop_reason"]);
        var events = Events(Stream("{}", Chunk($$"""{"tool_calls":{{calls}}}"""), Chunk("{}", "\"stop\"")));
        Assert.Equal("tool_use", (string?)events[^2]["delta"]!["stop_reason"]);
    }

    [Fact]
    public void Pieces_of_a_call_that_only_repeat_its_id_are_one_call()
    {
        var events = Events(Stream(
            "{}",
            Chunk("""{"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\""}}]}"""),
            Chunk("""{"tool_calls":[{"id":"a","function":{"arguments":":1}"}}]}"""),
            Chunk("""{"tool_calls":[{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]}""", "\"tool_calls\"")));

        Assert.Equal(["a", "b"], events.Select(e => (string?)e["content_block"]?["id"]).OfType<string>());
        Assert.Equal(
            [(0, "{\"x\""), (0, ":1}"), (1, "{}")],
            events.Where(e => e["delta"]?["partial_json"] is not null).Select(e => ((int)e["index"]!, (string)e["delta"]!["partial_json"]!)));
    }

    [Fact]
    public void Refusal_is_a_text_and_the_reason() => Assert.Equal(
        """{"id":"msg_0001","type":"message","role":"assistant","model":"public-model","content":[""" +
        """{"type":"text","text":"No."}],"stop_reason":"refusal","stop_sequence":null,"usage":""" +
        """{"input_tokens":0,"cache_creation_input_tokens":null,"cache_read_input_tokens":null,"output_tokens":0,"estimated":true}}""",
        Whole("""{"choices":[{"message":{"content":null,"refusal":"No."},"finish_reason":"stop"}]}"""));

    [Fact]
    public void Stream_has_the_events_in_Anthropics_order() => Golden.Equal("stream.txt", Stream(
        "{}",
        Chunk("""{"role":"assistant","content":"","refusal":null}"""),
        Chunk("""{"reasoning_content":"Let me "}"""),
        Chunk("""{"reasoning_content":"see."}"""),
        Chunk("""{"content":"Gr\u00fc\u00dfe\n"}"""),
        Chunk("""{"content":"you"}"""),
        Chunk("""{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":""}}]}"""),
        Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}"""),
        Chunk(
            """{"tool_calls":[{"index":0,"function":{"arguments":"\"Bern\"}"}},{"index":1,"id":"call_2","type":"function","function":""" +
            """{"name":"clock","arguments":"{}"}}]}"""),
        Chunk("{}", "\"tool_calls\""),
        $$"""{"id":"c","choices":[],"usage":{{Usage}}}"""));

    [Fact]
    public void Calls_without_an_index_are_told_apart_by_their_ids()
    {
        var events = Events(Stream(
            "{}",
            Chunk("""{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{"}}]}"""),
            Chunk("""{"tool_calls":[{"function":{"arguments":"}"}}]}"""),
            Chunk("""{"tool_calls":[{"id":"b","function":{"name":"g","arguments":"{}"}}]}"""),
            Chunk("{}", "\"tool_calls\"")));

        Assert.Equal(
            ["f", "g"], events.Where(e => (string?)e["type"] == "content_block_start").Select(e => (string)e["content_block"]!["name"]!));
        Assert.Equal(
            ["0{", "0}", "1{}"],
            events.Where(e => (string?)e["type"] == "content_block_delta").Select(e => $"{e["index"]}{e["delta"]!["partial_json"]}"));
    }

    [Fact]
    public void Piece_of_an_earlier_call_names_its_block()
    {
        var events = Events(Stream(
            "{}",
            Chunk(
                """{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}},{"index":1,"id":"b","function":""" +
                """{"name":"g","arguments":"{}"}}]}"""),
            Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}"""),
            Chunk("{}", "\"tool_calls\"")));

        Assert.Equal(
            ["0{", "1{}", "0}"],
            events.Where(e => (string?)e["type"] == "content_block_delta").Select(e => $"{e["index"]}{e["delta"]!["partial_json"]}"));
    }

    [Fact]
    public void Answer_without_content_is_still_a_message() => Assert.Equal(
        ["message_start", "message_delta", "message_stop"],
        Events(Stream("{}", Chunk("""{"role":"assistant","content":""}"""), Chunk("{}", "\"stop\""))).Select(e => (string)e["type"]!));

    private static List<JsonNode> Events(string stream)
    {
        Assert.EndsWith("\n\n", stream, StringComparison.Ordinal);
        return [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(static frame =>
        {
            var lines = frame.Split('\n');
            Assert.Equal(2, lines.Length);
            var data = JsonNode.Parse(lines[1]["data: ".Length..])!;
            Assert.Equal("event: " + (string)data["type"]!, lines[0]);
            return data;
        })];
    }
}
