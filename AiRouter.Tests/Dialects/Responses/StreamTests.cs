using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Dialects.Responses;

/// <summary>Streams, event by event.</summary>
public sealed class StreamTests
{
    private const string WithTool =
        """
        {"model": "open", "input": "Weather?", "tools": [{"type": "function", "name": "weather", "parameters": {"type": "object"}}],
         "parallel_tool_calls": true, "stream": true}
        """;

    [Fact]
    public void Text_has_every_event_in_order() => Golden.Equal(
        "text.txt",
        ResponsesRun.Stream([Chunks.Role, Chunks.Text("Hel"), Chunks.Text("lo, 世界 \"🎉\"\n"), Chunks.Stop, Chunks.Usage]));

    [Fact]
    public void Text_with_log_probabilities_has_those_of_each_piece_and_at_the_end_all() => Golden.Equal(
        "logprobs.txt",
        ResponsesRun.Stream(
            [
                Chunks.Role,
                Chunks.TextWithLogProb(
                    "Hi",
                    """{"token":"Hi","logprob":-0.5,"bytes":[72,105],"top_logprobs":[{"token":"Ho","logprob":-1.5,"bytes":null}]}"""),
                Chunks.TextWithLogProb("é", """{"token":"é","logprob":-99999,"bytes":null,"top_logprobs":null}"""),
                Chunks.Stop,
                Chunks.Usage,
            ],
            """{"model": "open", "input": "Hi", "include": ["message.output_text.logprobs"], "top_logprobs": 1, "stream": true}"""));

    [Fact]
    public void Log_probability_of_half_a_character_comes_with_the_other_half()
    {
        var events = ResponsesRun.Events(ResponsesRun.Stream(
            [
                Chunks.TextWithLogProb("a", """{"token":"a","logprob":-1,"bytes":[97]}"""),
                Chunks.TextWithLogProb("", """{"token":"\\xc3","logprob":-2,"bytes":[195]}"""),
                Chunks.TextWithLogProb("é", """{"token":"\\xa9","logprob":-3,"bytes":[169]}"""),
                Chunks.Stop,
            ]));

        var deltas = events.Where(e => Type(e) == "response.output_text.delta").Select(e => e["logprobs"]!.AsArray().Count);
        Assert.Equal([1, 2], deltas);
        Assert.Equal(3, Output(events)[0]!["content"]![0]!["logprobs"]!.AsArray().Count);
    }

    [Fact]
    public void Reasoning_is_an_item_before_the_text() => Golden.Equal(
        "reasoning.txt",
        ResponsesRun.Stream(
            [Chunks.Role, Chunks.Thought("Let me"), Chunks.Thought(" see."), Chunks.Text("42"), Chunks.Stop, Chunks.Usage]));

    [Fact]
    public void Reasoning_is_the_summary_for_clients_that_ask_for_one() => Golden.Equal(
        "summary.txt",
        ResponsesRun.Stream(
            [Chunks.Role, Chunks.Thought("Let me"), Chunks.Thought(" see."), Chunks.Text("42"), Chunks.Stop, Chunks.Usage],
            """{"model": "open", "input": "Hi", "reasoning": {"effort": "low", "summary": "auto"}, "stream": true}"""));

    [Fact]
    public void Call_has_its_own_events() => Golden.Equal(
        "call.txt",
        ResponsesRun.Stream(
            [
                Chunks.Role, Chunks.Text("I look."), Chunks.Call(0, "call_a", "weather"), Chunks.Arguments(0, """{"city":"""),
                Chunks.Arguments(0, "\"Bern\"}"), Chunks.Finish("tool_calls"), Chunks.Usage,
            ],
            WithTool));

    [Fact]
    public void Calls_one_behind_the_other_end_before_the_next_begins() => Golden.Equal(
        "calls.txt",
        ResponsesRun.Stream(
            [
                Chunks.Role, Chunks.Call(0, "call_a", "weather"), Chunks.Arguments(0, "{}"), Chunks.Call(1, "call_b", "time"),
                Chunks.Arguments(1, """{"zone":1}"""), Chunks.Finish("tool_calls"), Chunks.Usage,
            ],
            WithTool));

    [Fact]
    public void Calls_by_turns_stay_open_until_the_end()
    {
        var events = ResponsesRun.Events(ResponsesRun.Stream(
            [
                Chunks.Call(0, "call_a", "weather"), Chunks.Call(1, "call_b", "time"), Chunks.Arguments(0, "{\"a\""),
                Chunks.Arguments(1, "{\"b\""), Chunks.Arguments(0, ":1}"), Chunks.Arguments(1, ":2}"), Chunks.Finish("tool_calls"),
            ],
            WithTool));

        Assert.Equal(
            ["{\"a\":1}", "{\"b\":2}"],
            events.Where(e => Type(e) == "response.function_call_arguments.done").Select(e => (string?)e["arguments"]));
        Assert.Equal(["{\"a\":1}", "{\"b\":2}"], Output(events).Select(item => (string?)item!["arguments"]));
        Assert.All(Output(events), item => Assert.Equal("completed", (string?)item!["status"]));
    }

    [Fact]
    public void Call_whose_name_comes_late_begins_with_it()
    {
        var events = ResponsesRun.Events(ResponsesRun.Stream(
            [
                Chunks.Delta("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}"""),
                Chunks.Delta("""{"tool_calls":[{"index":0,"id":"call_a","function":{"name":"weather","arguments":":1}"}}]}"""),
                Chunks.Finish("tool_calls"),
            ],
            WithTool));

        var added = Assert.Single(events, e => Type(e) == "response.output_item.added")["item"]!;
        Assert.Equal("weather", (string?)added["name"]);
        Assert.Equal("call_a", (string?)added["call_id"]);
        Assert.Equal("{\"a\":1}", (string?)Assert.Single(Output(events))!["arguments"]);
    }

    [Fact]
    public void Calls_without_ids_or_with_the_same_get_their_own()
    {
        var events = ResponsesRun.Events(ResponsesRun.Stream(
            [
                Chunks.Call(0, "same", "weather"), Chunks.Arguments(0, "{}"), Chunks.Call(1, "same", "weather"), Chunks.Arguments(1, "{}"),
                Chunks.Call(2, "", "weather"), Chunks.Arguments(2, "{}"), Chunks.Finish("tool_calls"),
            ],
            WithTool));

        var ids = Output(events).Select(item => (string?)item!["call_id"]).ToList();
        Assert.Equal("same", ids[0]);
        Assert.Equal(3, ids.Distinct().Count());
        Assert.All(ids, id => Assert.False(string.IsNullOrEmpty(id)));
    }

    [Fact]
    public void Custom_tools_call_has_its_input()
    {
        var events = ResponsesRun.Events(ResponsesRun.Stream(
            [
                Chunks.Delta("""{"tool_calls":[{"index":0,"id":"call_a","type":"custom","custom":{"name":"patch","input":""}}]}"""),
                Chunks.Delta("""{"tool_calls":[{"index":0,"custom":{"input":"*** any text"}}]}"""),
                Chunks.Finish("tool_calls"),
            ],
            WithTool));

        Assert.Contains(events, e => Type(e) == "response.custom_tool_call_input.delta" && (string?)e["delta"] == "*** any text");
        var item = Assert.Single(Output(events))!;
        Assert.Equal("custom_tool_call", (string?)item["type"]);
        Assert.Equal("*** any text", (string?)item["input"]);
    }

    [Fact]
    public void Refusal_is_a_part_of_its_own() => Golden.Equal(
        "refusal.txt", ResponsesRun.Stream([Chunks.Role, Chunks.Refusal("I can"), Chunks.Refusal("not."), Chunks.Stop, Chunks.Usage]));

    [Fact]
    public void Length_makes_an_incomplete_response() => Golden.Equal(
        "length.txt",
        ResponsesRun.Stream(
            [Chunks.Role, Chunks.Text("One two"), Chunks.Finish("length"), Chunks.Usage],
            """{"model": "open", "input": "Count", "max_output_tokens": 2, "stream": true}"""));

    [Fact]
    public void Content_filter_makes_an_incomplete_response()
    {
        var last = ResponsesRun.Events(ResponsesRun.Stream([Chunks.Text("One"), Chunks.Finish("content_filter")]))[^1];

        Assert.Equal("response.incomplete", Type(last));
        Assert.Equal("content_filter", (string?)last["response"]!["incomplete_details"]!["reason"]);
    }

    [Fact]
    public void Error_in_the_middle_is_told_by_response_failed_and_by_error() => Golden.Equal(
        "error.txt",
        ResponsesRun.Broken(
            [Chunks.Role, Chunks.Text("One")],
            """{"message":"The backend's answer broke off.","type":"server_error","param":null,"code":"backend_stream_broken"}"""));

    [Fact]
    public void Error_before_everything_is_told_by_a_response_too()
    {
        var events = ResponsesRun.Events(ResponsesRun.Broken(
            [], """{"message":"Too many.","type":"requests","param":null,"code":"rate_limit_exceeded"}"""));

        Assert.Equal(["response.created", "response.in_progress", "response.failed", "error"], events.Select(Type));
        Assert.Equal("rate_limit_exceeded", (string?)events[2]["response"]!["error"]!["code"]);
    }

    [Fact]
    public void Error_without_code_has_one_all_the_same()
    {
        var events = ResponsesRun.Events(ResponsesRun.Broken(
            [], """{"message":"Bad.","type":"invalid_request_error","param":"input","code":null}"""));

        Assert.Equal("invalid_prompt", (string?)events[2]["response"]!["error"]!["code"]);
        Assert.Equal("invalid_request_error", (string?)events[3]["code"]);
        Assert.Equal("input", (string?)events[3]["param"]);
    }

    [Fact]
    public void Answer_without_a_word_has_an_empty_message()
    {
        var events = ResponsesRun.Events(ResponsesRun.Stream([Chunks.Role, Chunks.Stop]));

        Assert.Equal("", (string?)Assert.Single(Output(events))!["content"]![0]!["text"]);
        Assert.Equal("response.completed", Type(events[^1]));
    }

    [Fact]
    public void Text_behind_a_call_is_a_message_of_its_own()
    {
        var events = ResponsesRun.Events(ResponsesRun.Stream(
            [Chunks.Text("a"), Chunks.Call(0, "call_a", "f"), Chunks.Arguments(0, "{}"), Chunks.Text("b"), Chunks.Stop], WithTool));

        Assert.Equal(["message", "function_call", "message"], Output(events).Select(item => (string?)item!["type"]));
    }

    [Fact]
    public void Long_text_goes_out_in_lines_that_clients_can_read()
    {
        var text = string.Concat(Enumerable.Repeat("0123456789🎉", 20_000));

        var deltas = ResponsesRun.Events(ResponsesRun.Stream([Chunks.Text(text), Chunks.Stop]))
            .Where(e => Type(e) == "response.output_text.delta").Select(e => (string)e["delta"]!).ToList();

        Assert.Equal(text, string.Concat(deltas));
        Assert.All(deltas, delta => Assert.InRange(Encoding.UTF8.GetByteCount(delta), 1, 16_384));
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_a_replacement_character()
    {
        var events = ResponsesRun.Events(ResponsesRun.Stream(
            [Chunks.Delta("""{"content":"a\ud83d\n\u0041"}"""), Chunks.Delta("""{"content":"\ud83d\ude00"}"""), Chunks.Stop]));

        Assert.Equal("a\uFFFD\nA😀", (string?)Assert.Single(Output(events))!["content"]![0]!["text"]);
    }

    private static string Type(JsonObject data) => (string)data["type"]!;

    private static JsonArray Output(List<JsonObject> events) => events[^1]["response"]!["output"]!.AsArray();
}
