using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Dialects.Responses;

/// <summary>Whole answers.</summary>
public sealed class WholeAnswerTests
{
    [Fact]
    public void Text_has_every_member() => Golden.Equal(
        "whole-text.json",
        ResponsesRun.Whole(
            """
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"hidden","service_tier":"flex",
             "choices":[{"index":0,"message":{"role":"assistant","content":"Hello!","refusal":null},
                         "logprobs":null,"finish_reason":"stop"}],
             "usage":{"prompt_tokens":12,"completion_tokens":7,"total_tokens":19}}
            """));

    [Fact]
    public void Settings_of_the_request_are_repeated() => Golden.Equal(
        "whole-settings.json",
        ResponsesRun.Whole(
            """
            {"choices":[{"index":0,"message":{"role":"assistant","content":"{}"},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}
            """,
            """
            {"model": "open", "input": "Hi", "instructions": "Be brief.", "temperature": 0.5, "top_p": 0.9, "top_logprobs": 2,
             "max_output_tokens": 100, "max_tool_calls": 3, "parallel_tool_calls": false, "previous_response_id": "resp_0",
             "conversation": "conv_1", "prompt_cache_key": "key", "safety_identifier": "safe", "service_tier": "flex", "store": true,
             "truncation": "auto", "user": "me", "metadata": {"a": "b"}, "reasoning": {"effort": "low", "summary": "auto"},
             "text": {"format": {"type": "json_schema", "name": "n", "schema": {"type": "object"}}, "verbosity": "low"},
             "tool_choice": {"type": "function", "name": "f"},
             "tools": [{"type": "function", "name": "f"}, {"type": "custom", "name": "c"}]}
            """));

    [Fact]
    public void Reasoning_text_refusal_and_calls_are_items() => Golden.Equal(
        "whole-items.json",
        ResponsesRun.Whole(
            """
            {"choices":[{"index":0,"message":{"role":"assistant","content":"Well.","refusal":"No.","reasoning_content":"Hm.",
               "tool_calls":[{"id":"call_a","type":"function","function":{"name":"f","arguments":"{}"}},
                             {"type":"function","function":{"name":"g","arguments":"[1]"}},
                             {"id":"call_c","type":"custom","custom":{"name":"c","input":"x"}}]},
               "logprobs":{"content":[{"token":"Well.","logprob":-0.25,"bytes":[87,101,108,108,46],"top_logprobs":[]}],"refusal":null},
               "finish_reason":"tool_calls"}],
             "usage":{"prompt_tokens":12.0,"completion_tokens":7,"total_tokens":null,"prompt_tokens_details":{"cached_tokens":null},
               "completion_tokens_details":{"reasoning_tokens":3}}}
            """));

    [Theory]
    [InlineData("summary", "auto")]
    [InlineData("summary", "concise")]
    [InlineData("summary", "detailed")]
    [InlineData("generate_summary", "auto")]
    public void Reasoning_is_the_summary_for_clients_that_ask_for_one(string member, string value)
    {
        var response = ResponsesRun.WholeNode(
            """{"choices":[{"message":{"content":"42","reasoning_content":"Let me see."},"finish_reason":"stop"}]}""",
            $$$"""{"model":"open","input":"Hi","reasoning":{"{{{member}}}":"{{{value}}}"}}""");

        Assert.Equal(
            """{"id":"rs_2","type":"reasoning","status":"completed","summary":[{"type":"summary_text","text":"Let me see."}]}""",
            response["output"]![0]!.ToJsonString());
        Assert.Equal(value, (string?)response["reasoning"]!["summary"]);
    }

    [Fact]
    public void Length_leaves_the_last_item_incomplete()
    {
        var response = ResponsesRun.WholeNode(
            """{"choices":[{"index":0,"message":{"reasoning_content":"Hm","content":"One t"},"finish_reason":"length"}]}""");

        Assert.Equal("incomplete", (string?)response["status"]);
        Assert.Equal("max_output_tokens", (string?)response["incomplete_details"]!["reason"]);
        Assert.Equal(["completed", "incomplete"], response["output"]!.AsArray().Select(item => (string?)item!["status"]));
    }

    [Fact]
    public void Answer_without_figures_has_none() =>
        Assert.Null(ResponsesRun.WholeNode("""{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]}""")["usage"]);

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":{"a":1},"usage":[],"service_tier":5}""")]
    [InlineData("""{"choices":[1,null,{"index":1}]}""")]
    [InlineData("""{"choices":[{"index":"0","message":[],"logprobs":[],"finish_reason":7}]}""")]
    [InlineData("""{"choices":[{"message":{"content":["a"],"refusal":{},"reasoning_content":1,"tool_calls":{}}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":null,"tool_calls":null},"logprobs":{"content":[5,null]}}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"a"},"logprobs":{"content":[{"bytes":[1e9,"a"],"top_logprobs":[3]}]}}]}""")]
    public void Answer_of_odd_types_is_a_response_all_the_same(string completion)
    {
        var response = ResponsesRun.WholeNode(completion);

        Assert.Equal("completed", (string?)response["status"]);
        Assert.Equal("message", (string?)Assert.Single(response["output"]!.AsArray())!["type"]);
    }

    [Fact]
    public void Calls_of_odd_types_stay_calls()
    {
        var response = ResponsesRun.WholeNode(
            """{"choices":[{"message":{"tool_calls":[7,{"id":5,"function":[]},{"function":{"name":"f"}}]}}]}""");

        var items = response["output"]!.AsArray();
        Assert.Equal(["", "f"], items.Select(item => (string?)item!["name"]));
        Assert.All(items, item => Assert.StartsWith("call_", (string?)item!["call_id"], StringComparison.Ordinal));
    }
}
