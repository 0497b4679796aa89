using System.Text;
using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Telemetry.Content;

namespace AiRouter.Tests.Telemetry.Content;

/// <summary>Requests and answers of each API, as the messages of the GenAI conventions.</summary>
public sealed class MessageListTests
{
    [Theory]
    [InlineData(
        """{"prompt":["a","b"]}""",
        """[{"role":"user","parts":[{"type":"text","content":"a"}]},{"role":"user","parts":[{"type":"text","content":"b"}]}]""")]
    [InlineData("""{"input":"a"}""", """[{"role":"user","parts":[{"type":"text","content":"a"}]}]""")]
    [InlineData(
        """
        {"messages":[{"role":"user","content":[{"type":"text","text":"see"},{"type":"image_url","image_url":{"url":"https://x/y.png"}}]},
        {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},
        {"role":"tool","tool_call_id":"c1","content":"42"}]}
        """,
        """
        [{"role":"user","parts":[{"type":"text","content":"see"},{"type":"uri","modality":"image","uri":"https://x/y.png"}]},
        {"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}]},
        {"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"42"}]}]
        """)]
    [InlineData(
        """
        {"input":[{"role":"user","content":[{"type":"input_text","text":"a"}]},{"type":"function_call","call_id":"c1","name":"f","arguments":"no json"},
        {"type":"function_call_output","call_id":"c1","output":"42"},{"type":"reasoning","summary":[{"type":"summary_text","text":"so"}]}]}
        """,
        """
        [{"role":"user","parts":[{"type":"text","content":"a"}]},
        {"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"f","arguments":"no json"}]},
        {"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"42"}]},
        {"role":"assistant","parts":[{"type":"reasoning","content":"so"}]}]
        """)]
    public void Request_becomes_its_messages(string request, string messages) =>
        AssertSame(messages, MessageList.Of(InputMessages.Write, Encoding.UTF8.GetBytes(request)));

    [Theory]
    [InlineData(
        """{"choices":[{"text":"a","finish_reason":"stop"},{"text":"b","finish_reason":"length"}]}""",
        """
        [{"role":"assistant","parts":[{"type":"text","content":"a"}],"finish_reason":"stop"},
        {"role":"assistant","parts":[{"type":"text","content":"b"}],"finish_reason":"length"}]
        """)]
    [InlineData(
        """{"choices":[{"message":{"content":"a","reasoning_content":"so"},"finish_reason":"stop"}]}""",
        """[{"role":"assistant","parts":[{"type":"reasoning","content":"so"},{"type":"text","content":"a"}],"finish_reason":"stop"}]""")]
    [InlineData(
        """{"status":"completed","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"a"}]}]}""",
        """[{"role":"assistant","parts":[{"type":"text","content":"a"}],"finish_reason":"stop"}]""")]
    public void Answer_becomes_its_messages(string answer, string messages) =>
        AssertSame(messages, MessageList.Of(OutputMessages.Write, Encoding.UTF8.GetBytes(answer)));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"messages":7,"prompt":{},"input":null}""")]
    [InlineData("""{"messages":[{"role":"user","content":"\ud800"}]}""")]
    public void What_has_no_messages_becomes_none(string json) =>
        Assert.Null(MessageList.Of(InputMessages.Write, Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Instructions_are_a_list_of_parts() => AssertSame(
        """[{"type":"text","content":"be brief"}]""", MessageList.Of(InputMessages.WriteInstructions, """{"instructions":"be brief"}"""u8.ToArray()));

    [Fact]
    public void Long_text_is_cut_and_stays_valid()
    {
        var text = new string('x', MessageList.MostText - 1) + "😀" + new string('y', 1000);
        var json = MessageList.Of(InputMessages.Write, JsonSerializer.SerializeToUtf8Bytes(new { input = text, prompt = "first" }))!;

        using var document = JsonDocument.Parse(json);
        var last = document.RootElement[1].GetProperty("parts")[0].GetProperty("content").GetString()!;
        Assert.EndsWith("x…", last, StringComparison.Ordinal);
        Assert.InRange(json.Length, MessageList.MostText, MessageList.MostText + 1024);
    }

    [Fact]
    public void Picture_in_the_request_leaves_room_for_the_words_behind_it()
    {
        var url = "data:image/png;base64," + new string('A', 2 * MessageList.MostText);
        var json = MessageList.Of(InputMessages.Write, Encoding.UTF8.GetBytes(
            $$$"""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"{{{url}}}"}},{"type":"text","text":"what is it?"}]}]}"""));

        AssertSame(
            """[{"role":"user","parts":[{"type":"uri","modality":"image","uri":"data:image/png;base64,…"},{"type":"text","content":"what is it?"}]}]""",
            json);
    }

    [Theory]
    [InlineData("""{"role":"user","content":""}""")]
    [InlineData("""{"role":"assistant","tool_calls":[{},{},{}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"input_audio"},{"type":"text","text":"a"}]}""")]
    public void Many_small_things_are_cut_too(string message)
    {
        var json = MessageList.Of(
            InputMessages.Write, Encoding.UTF8.GetBytes($$"""{"messages":[{{string.Join(',', Enumerable.Repeat(message, 20_000))}}]}"""))!;

        JsonDocument.Parse(json).Dispose();
        Assert.InRange(json.Length, MessageList.MostText / 2, 4 * MessageList.MostText);
    }

    [Fact]
    public void Long_roles_and_names_are_cut()
    {
        var word = new string('x', 2 * MessageList.MostText);
        var json = MessageList.Of(InputMessages.Write, Encoding.UTF8.GetBytes(
            $$$"""{"messages":[{"role":"{{{word}}}","tool_calls":[{"id":"{{{word}}}","function":{"name":"{{{word}}}"}}]}]}"""))!;

        JsonDocument.Parse(json).Dispose();
        Assert.InRange(json.Length, MessageList.MostText, MessageList.MostText + 1024);
    }

    [Fact]
    public void Events_of_a_stream_become_the_answer_as_far_as_they_were_kept()
    {
        const string Events =
            """
            : keep-alive
            data: {"id":"1","choices":[{"index":0,"delta":{"role":"assistant","content":"a"}}]}

            data: {"id":"1","choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}]}

            data: {"id":"1","choices":[{"index":0,"delta":{"cont
            """;
        var answer = AnswerEvents.PutTogether(Events, new Operation { Name = "chat", Path = "/chat/completions" });

        AssertSame(
            """[{"role":"assistant","parts":[{"type":"text","content":"ab"}],"finish_reason":"stop"}]""",
            MessageList.Of(OutputMessages.Write, answer));
    }

    [Fact]
    public void Events_of_a_message_of_Anthropics_become_the_message()
    {
        const string Events =
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[]}}

            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

            data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

            data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"a"}}

            data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"b"}}

            data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"c","name":"f","input":{}}}

            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"x\":"}}

            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"1}"}}

            data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{}}

            data: {"type":"message_st
            """;
        var answer = AnswerEvents.PutTogether(
            Events, new Operation { Name = "chat", Path = "/messages", Dialect = StreamDialect.Messages });

        AssertSame(
            """
            [{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"ab"},
              {"type":"tool_call","id":"c","name":"f","arguments":{"x":1}}],"finish_reason":"tool_calls"}]
            """,
            MessageList.Of(OutputMessages.Write, answer));
    }

    [Fact]
    public void Request_of_Anthropics_has_its_blocks_and_tools()
    {
        var request =
            """
            {"system":[{"type":"text","text":"S"}],"tools":[{"name":"f","description":"d","input_schema":{"type":"object"}}],"messages":[
              {"role":"user","content":[{"type":"text","text":"a"},{"type":"image","source":{"type":"url","url":"http://x/y.png"}}]},
              {"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"tool_use","id":"c","name":"f","input":{"x":1}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"42"}]}]}]}
            """u8.ToArray();

        AssertSame("""[{"type":"text","content":"S"}]""", MessageList.Of(InputMessages.WriteInstructions, request));
        AssertSame(
            """[{"type":"function","name":"f","description":"d","parameters":{"type":"object"}}]""",
            MessageList.Of(InputMessages.WriteTools, request));
        AssertSame(
            """
            [{"role":"user","parts":[{"type":"text","content":"a"},{"type":"uri","modality":"image","uri":"http://x/y.png"}]},
             {"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"tool_call","id":"c","name":"f","arguments":{"x":1}}]},
             {"role":"user","parts":[{"type":"tool_call_response","id":"c","response":"42"}]}]
            """,
            MessageList.Of(InputMessages.Write, request));
    }

    private static void AssertSame(string expected, string? actual)
    {
        using var wanted = JsonDocument.Parse(expected);
        using var got = JsonDocument.Parse(actual ?? "null");
        Assert.True(JsonElement.DeepEquals(wanted.RootElement, got.RootElement), actual);
    }
}
