using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Api.Dialects.Responses;
using AiRouter.Core.Json;

namespace AiRouter.Tests.Dialects.Responses;

/// <summary>What is kept of a response.</summary>
public sealed class ConversationItemsTests
{
    private int _last;

    [Fact]
    public void Text_is_an_item_with_an_id_before_those_of_the_answer()
    {
        var response = ResponsesRun.WholeNode("""{"choices":[{"message":{"content":"Hello."},"finish_reason":"stop"}]}""");

        var items = ConversationItems.Of(Read("""{"input": "Hi"}"""), response, NewId);

        Assert.Equal(
            """[{"role":"user","content":[{"type":"input_text","text":"Hi"}],"id":"msg_1","type":"message","status":"completed"}]""",
            items.Input.ToJsonString());
        Assert.Equal(["msg_1", "msg_2"], items.All().Select(item => (string?)item!["id"]));
    }

    [Fact]
    public void Items_keep_their_ids_and_get_those_that_are_missing()
    {
        var request = Read(
            """
            {"input": [{"role": "assistant", "content": "a"}, {"type": "message", "role": "user", "id": "mine", "content": []},
                       {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
                       {"type": "function_call_output", "call_id": "c", "output": "o"}, {"type": "reasoning", "summary": []}]}
            """);

        var items = ConversationItems.Of(request, [], NewId).Input;

        Assert.Equal(["msg_1", "mine", "fc_2", "fco_3", "rs_4"], items.Select(item => (string?)item!["id"]));
        Assert.Equal("output_text", (string?)items[0]!["content"]![0]!["type"]);
        Assert.Null(request["input"]![0]!["id"]);
    }

    [Fact]
    public void Conversation_that_goes_on_has_what_went_before_in_front()
    {
        var first = Read("""{"input": "Hi", "instructions": "Not kept."}""");
        var response = ResponsesRun.WholeNode(
            """
            {"choices":[{"message":{"reasoning_content":"Hm.","content":"Calling.",
              "tool_calls":[{"id":"call_a","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}
            """);
        var next = Read("""{"input": [{"type": "function_call_output", "call_id": "call_a", "output": "done"}]}""");

        ConversationItems.Continue(next, ConversationItems.Of(first, response, NewId).All(), NewId);

        var chat = new ResponsesDialect().ToChat(next, out var error);
        Assert.Null(error);
        Assert.Equal(
            ResponsesRun.Compact(
                """
                [{"role":"user","content":"Hi"},
                 {"role":"assistant","content":"Calling.","reasoning_content":"Hm.",
                  "tool_calls":[{"id":"call_a","type":"function","function":{"name":"f","arguments":"{}"}}]},
                 {"role":"tool","tool_call_id":"call_a","content":"done"}]
                """),
            chat!["messages"]!.ToJsonString());
    }

    [Fact]
    public void Items_that_are_only_named_are_put_in_the_place_of_their_names()
    {
        var response = ResponsesRun.WholeNode(
            """
            {"choices":[{"message":{"content":"Calling.","tool_calls":[{"id":"call_a","function":{"name":"f","arguments":"{}"}}]},
              "finish_reason":"tool_calls"}]}
            """);
        var known = response["output"]!.AsArray().ToDictionary(item => (string)item!["id"]!, item => item!.AsObject());
        var next = Read(
            """
            {"input": [{"role": "user", "content": "Hi"}, {"type": "item_reference", "id": "msg_2"}, {"id": "fc_3"},
                       {"type": "function_call_output", "call_id": "call_a", "output": "done"}]}
            """);

        Assert.Equal(["msg_2", "fc_3"], ConversationItems.ReferencesOf(next));
        ConversationItems.Resolve(next, known);

        Assert.Empty(ConversationItems.ReferencesOf(next));
        Assert.Equal(
            ["user", "assistant", "tool"],
            new ResponsesDialect().ToChat(next, out _)!["messages"]!.AsArray().Select(message => (string?)message!["role"]));
    }

    [Fact]
    public void Name_of_an_unknown_item_is_refused()
    {
        var request = Read("""{"input": [{"type": "item_reference", "id": "msg_2"}, {"type": "item_reference"}]}""");

        ConversationItems.Resolve(request, new Dictionary<string, JsonObject>());

        Assert.Null(new ResponsesDialect().ToChat(request, out var error));
        Assert.Equal("input[0]", error!.Param);
        Assert.Contains("'store': false", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"input": 5}""")]
    [InlineData("""{"input": {"a": 1}}""")]
    [InlineData("""{"input": [5, null, {"type": 7, "id": 1, "content": 3}, {"content": {}}]}""")]
    public void Input_of_odd_types_is_left_for_the_translation_to_refuse(string json)
    {
        var request = Read(json);

        ConversationItems.Resolve(request, new Dictionary<string, JsonObject>());
        ConversationItems.Continue(request, [], NewId);

        Assert.Null(new ResponsesDialect().ToChat(request, out var error));
        Assert.StartsWith("input", error!.Param, StringComparison.Ordinal);
    }

    private static JsonObject Read(string json) => JsonBytes.ReadObject(Encoding.UTF8.GetBytes(json));

    private string NewId() => (++_last).ToString(CultureInfo.InvariantCulture);
}
