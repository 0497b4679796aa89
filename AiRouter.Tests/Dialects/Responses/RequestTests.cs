using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Api.Dialects.Responses;
using AiRouter.Api.Errors;
using AiRouter.Core.Json;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Dialects.Responses;

/// <summary>Requests of the Responses API as chat requests.</summary>
public sealed class RequestTests
{
    [Fact]
    public void Text_is_a_message_of_the_users() => Golden.Equal(
        "request-text.json",
        Chat(
            """
            {"model": "open", "input": "Hi", "instructions": "Be brief.", "max_output_tokens": 5, "stream": true, "store": false}
            """));

    [Fact]
    public void Items_are_messages() => Golden.Equal(
        "request-items.json",
        Chat(
            """
            {"model": "open", "input": [
              {"role": "system", "content": "S"},
              {"role": "developer", "content": [{"type": "input_text", "text": "D"}]},
              {"role": "user", "content": "Weather in Bern and Rome?"},
              {"type": "reasoning", "id": "rs_1", "summary": [
                {"type": "summary_text", "text": "two"}, {"type": "summary_text", "text": "calls"}]},
              {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [
                {"type": "output_text", "text": "I ", "annotations": []}, {"type": "output_text", "text": "look.", "annotations": []}]},
              {"type": "function_call", "id": "fc_1", "call_id": "call_a", "name": "weather", "arguments": "{\"city\":\"Bern\"}",
               "status": "completed"},
              {"type": "function_call", "call_id": "call_b", "name": "weather", "arguments": "{\"city\":\"Rome\"}"},
              {"type": "function_call_output", "call_id": "call_a", "output": "sun"},
              {"type": "function_call_output", "call_id": "call_b", "output": [{"type": "input_text", "text": "rain"}]},
              {"type": "reasoning", "id": "rs_2", "summary": [], "content": [{"type": "reasoning_text", "text": "Both known."}],
               "encrypted_content": "x"},
              {"role": "assistant", "content": "Sun and rain."},
              {"type": "custom_tool_call", "call_id": "call_c", "name": "note", "input": "free text"},
              {"type": "custom_tool_call_output", "call_id": "call_c", "output": "noted"},
              {"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "No more."}]},
              {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Why"}, {"type": "input_text", "text": "?"}]}
            ]}
            """));

    [Fact]
    public void Images_files_and_sound_are_parts() => Golden.Equal(
        "request-parts.json",
        Chat(
            """
            {"model": "open", "input": [
              {"role": "user", "content": [
                {"type": "input_text", "text": "What is it?"},
                {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "auto"},
                {"type": "input_image", "image_url": "https://example.com/a.png", "detail": "original"},
                {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"},
                {"type": "input_file", "file_id": "file-1"},
                {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}]},
              {"type": "function_call", "call_id": "call_a", "name": "camera", "arguments": "{}"},
              {"type": "function_call_output", "call_id": "call_a", "output": [
                {"type": "input_text", "text": "This:"},
                {"type": "input_image", "image_url": "data:image/png;base64,BBBB", "detail": "low"}]}
            ]}
            """));

    [Fact]
    public void Settings_have_chats_names() => Golden.Equal(
        "request-settings.json",
        Chat(
            """
            {"model": "open", "input": "Hi", "temperature": 0.5, "top_p": 0.9,
             "top_logprobs": 2, "include": ["message.output_text.logprobs"],
             "max_output_tokens": 100, "max_tool_calls": 3, "parallel_tool_calls": false, "previous_response_id": "resp_0",
             "conversation": "conv_1", "prompt_cache_key": "key", "safety_identifier": "safe", "service_tier": "flex", "store": true,
             "truncation": "auto", "user": "me", "metadata": {"a": "b"}, "reasoning": {"effort": "low", "summary": "auto"},
             "text": {"format": {"type": "json_schema", "name": "n", "description": "d", "schema": {"type": "object"}, "strict": true},
                      "verbosity": "low"},
             "tool_choice": {"type": "function", "name": "f"},
             "tools": [
               {"type": "function", "name": "f", "description": "F", "parameters": {"type": "object"}, "strict": false},
               {"type": "function", "name": "g", "description": null, "parameters": null, "strict": null},
               {"type": "custom", "name": "c", "description": "C", "format": {"type": "grammar", "syntax": "regex", "definition": "a+"}},
               {"type": "custom", "name": "d", "format": {"type": "text"}}],
             "stream": true, "stream_options": {"include_obfuscation": false}, "client_metadata": {"a": "b"},
             "top_k": 5, "chat_template_kwargs": {"enable_thinking": false}}
            """));

    [Fact]
    public void Neutral_values_count_as_absent() => Assert.Equal(
        """{"model":"open","messages":[{"role":"user","content":"Hi"}]}""",
        Translate(
            """
            {"model": "open", "input": "Hi", "instructions": "", "tools": [], "tool_choice": "auto", "parallel_tool_calls": true,
             "text": {"format": {"type": "text"}, "verbosity": "medium"}, "reasoning": {}, "include": [], "metadata": {}, "user": null,
             "temperature": null, "top_logprobs": 0, "max_output_tokens": null, "stream": false, "stream_options": null, "prompt": null,
             "background": false, "previous_response_id": null, "conversation": null, "truncation": "disabled", "n": 1}
            """)!.ToJsonString());

    [Theory]
    [InlineData("\"none\"", "\"none\"")]
    [InlineData("\"required\"", "\"required\"")]
    [InlineData("""{"type":"custom","name":"c"}""", """{"type":"custom","custom":{"name":"c"}}""")]
    [InlineData("""{"type":"function","function":{"name":"f"}}""", """{"type":"function","function":{"name":"f"}}""")]
    [InlineData(
        """{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]}""",
        """{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"f"}}]}}""")]
    public void Tool_choice_is_nested(string asked, string expected)
    {
        var chat = Translate($$"""{"input": "Hi", "tools": [{"type": "function", "name": "f"}], "tool_choice": {{asked}}}""")!;

        Assert.Equal(expected, chat["tool_choice"]!.ToJsonString());
    }

    [Fact]
    public void Tool_in_chats_form_stays() => Assert.Equal(
        """[{"type":"function","function":{"name":"f"}}]""",
        Translate("""{"input": "Hi", "tools": [{"type": "function", "function": {"name": "f"}}]}""")!["tools"]!.ToJsonString());

    [Fact]
    public void Thoughts_that_nothing_follows_are_left_out() => Assert.Equal(
        """[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]""",
        Translate(
            """
            {"input": [{"type": "reasoning", "summary": [{"text": "lost"}]}, {"role": "user", "content": "a"},
                       {"role": "assistant", "content": "b"}, {"type": "reasoning", "summary": [{"text": "lost"}]}]}
            """)!["messages"]!.ToJsonString());

    [Fact]
    public void Thoughts_between_calls_belong_to_the_same_message() => Assert.Equal(
        ResponsesRun.Compact(
            """
            {"role":"assistant","content":null,"reasoning_content":"one\n\ntwo","tool_calls":[
              {"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},
              {"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]}
            """),
        Translate(
            """
            {"input": [{"type": "reasoning", "summary": [{"text": "one"}]},
                       {"type": "function_call", "call_id": "a", "name": "f", "arguments": "{}"},
                       {"type": "reasoning", "summary": [{"text": "two"}]},
                       {"type": "function_call", "call_id": "b", "name": "f", "arguments": "{}"},
                       {"type": "function_call_output", "call_id": "a", "output": "1"},
                       {"type": "function_call_output", "call_id": "b", "output": "2"}]}
            """)!["messages"]![0]!.ToJsonString());

    [Theory]
    [InlineData("""{}""", "input")]
    [InlineData("""{"input": 5}""", "input")]
    [InlineData("""{"input": []}""", "input")]
    [InlineData("""{"input": [5]}""", "input[0]")]
    [InlineData("""{"input": [{}]}""", "input[0].role")]
    [InlineData("""{"input": [{"role": "tool", "content": "a"}]}""", "input[0].role")]
    [InlineData("""{"input": [{"role": "user"}]}""", "input[0].content")]
    [InlineData("""{"input": [{"role": "user", "content": []}]}""", "input[0].content")]
    [InlineData("""{"input": [{"role": "user", "content": {}}]}""", "input[0].content")]
    [InlineData("""{"input": [{"role": "user", "content": [5]}]}""", "input[0].content[0]")]
    [InlineData("""{"input": [{"role": "user", "content": [{"type": "input_text"}]}]}""", "input[0].content[0].text")]
    [InlineData("""{"input": [{"role": "user", "content": [{"type": "strange"}]}]}""", "input[0].content[0].type")]
    [InlineData("""{"input": [{"role": "assistant", "content": [{"type": "input_image"}]}]}""", "input[0].content[0].type")]
    [InlineData("""{"input": [{"role": "user", "content": [{"type": "input_image"}]}]}""", "input[0].content[0].image_url")]
    [InlineData("""{"input": [{"type": "function_call", "name": "f", "arguments": "{}"}]}""", "input[0].call_id")]
    [InlineData("""{"input": [{"type": "function_call", "call_id": "a", "arguments": "{}"}]}""", "input[0].name")]
    [InlineData("""{"input": [{"type": "function_call", "call_id": "a", "name": "f", "arguments": 5}]}""", "input[0].arguments")]
    [InlineData("""{"input": [{"type": "function_call_output", "call_id": "a"}]}""", "input[0].output")]
    [InlineData("""{"input": [{"type": 5}]}""", "input[0].type")]
    [InlineData("""{"input": "Hi", "instructions": ["a"]}""", "instructions")]
    [InlineData("""{"input": "Hi", "messages": []}""", "messages")]
    [InlineData("""{"input": "Hi", "max_output_tokens": 0}""", "max_output_tokens")]
    [InlineData("""{"input": "Hi", "max_output_tokens": "5"}""", "max_output_tokens")]
    [InlineData("""{"input": "Hi", "stream": "yes"}""", "stream")]
    [InlineData("""{"input": "Hi", "stream_options": 5}""", "stream_options")]
    [InlineData("""{"input": "Hi", "include": "all"}""", "include")]
    [InlineData("""{"input": "Hi", "top_logprobs": 21}""", "top_logprobs")]
    [InlineData("""{"input": "Hi", "text": "json"}""", "text")]
    [InlineData("""{"input": "Hi", "text": {"format": "json"}}""", "text.format")]
    [InlineData("""{"input": "Hi", "text": {"format": {"type": "xml"}}}""", "text.format.type")]
    [InlineData("""{"input": "Hi", "text": {"format": {"type": "json_schema"}}}""", "text.format.name")]
    [InlineData("""{"input": "Hi", "text": {"verbosity": 5}}""", "text.verbosity")]
    [InlineData("""{"input": "Hi", "reasoning": "low"}""", "reasoning")]
    [InlineData("""{"input": "Hi", "reasoning": {"effort": 1}}""", "reasoning.effort")]
    [InlineData("""{"input": "Hi", "tools": {}}""", "tools")]
    [InlineData("""{"input": "Hi", "tools": ["f"]}""", "tools[0]")]
    [InlineData("""{"input": "Hi", "tools": [{"name": "f"}]}""", "tools[0].type")]
    [InlineData("""{"input": "Hi", "tools": [{"type": "function"}]}""", "tools[0].name")]
    [InlineData("""{"input": "Hi", "tool_choice": "required"}""", "tool_choice")]
    [InlineData("""{"input": "Hi", "parallel_tool_calls": 1}""", "parallel_tool_calls")]
    public void What_is_wrong_is_named(string request, string param)
    {
        var error = Refused(request);

        Assert.Equal(param, error.Param);
        Assert.Equal(ErrorCause.InvalidRequest, error.Cause);
        Assert.Contains($"'{param}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"input": "Hi", "prompt": {"id": "pmpt_1"}}""", "prompt")]
    [InlineData("""{"input": "Hi", "background": true}""", "background")]
    [InlineData("""{"input": "Hi", "n": 2}""", "n")]
    [InlineData("""{"input": [{"type": "item_reference", "id": "msg_1"}]}""", "input[0]")]
    [InlineData("""{"input": [{"id": "msg_1"}]}""", "input[0]")]
    [InlineData("""{"input": [{"type": "web_search_call", "id": "ws_1"}]}""", "input[0]")]
    [InlineData(
        """{"input": [{"role": "user", "content": [{"type": "input_image", "file_id": "file-1"}]}]}""", "input[0].content[0].file_id")]
    [InlineData(
        """{"input": [{"role": "user", "content": [{"type": "input_file", "file_url": "u"}]}]}""", "input[0].content[0].file_url")]
    public void What_needs_more_than_chat_is_refused(string request, string param)
    {
        var error = Refused(request);

        Assert.Equal(param, error.Param);
        Assert.Equal(ErrorCause.UnsupportedParameter, error.Cause);
    }

    [Theory]
    [InlineData("web_search")]
    [InlineData("file_search")]
    [InlineData("code_interpreter")]
    [InlineData("computer_use_preview")]
    [InlineData("mcp")]
    [InlineData("image_generation")]
    [InlineData("local_shell")]
    public void R22_Tool_that_the_server_would_run_is_refused_by_name(string type)
    {
        var error = Refused($$"""{"input": "Hi", "tools": [{"type": "function", "name": "f"}, {"type": "{{type}}"}]}""");

        Assert.Equal(ErrorCause.UnsupportedOperation, error.Cause);
        Assert.Equal("tools[1]", error.Param);
        Assert.Contains($"'{type}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"input": [{"role": "user", "role": "assistant", "content": "a"}]}""")]
    [InlineData("""{"input": "Hi", "tools": [{"type": "function", "name": "f", "parameters": {"a": 1, "a": 2}}]}""")]
    [InlineData("""{"input": "Hi", "extra": {"a": 1, "\u0061": 2}}""")]
    public void R43_Member_that_is_there_twice_is_refused(string request)
    {
        var error = Refused(request);

        Assert.Equal(ErrorCause.InvalidRequest, error.Cause);
        Assert.Contains("twice", error.Message, StringComparison.Ordinal);
    }

    private static string Chat(string request) => ResponsesRun.Indented(Translate(request)!);

    private static JsonObject? Translate(string request)
    {
        var chat = new ResponsesDialect().ToChat(JsonBytes.ReadObject(Encoding.UTF8.GetBytes(request)), out var error);
        Assert.Null(error);
        return chat;
    }

    private static ApiError Refused(string request)
    {
        Assert.Null(new ResponsesDialect().ToChat(JsonBytes.ReadObject(Encoding.UTF8.GetBytes(request)), out var error));
        return error!;
    }
}
