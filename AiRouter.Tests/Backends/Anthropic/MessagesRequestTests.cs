using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.Anthropic.Requests;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Dialects.Messages;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Dialects.Messages;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Backends.Anthropic;

/// <summary>Chat requests as Messages requests.</summary>
public sealed class MessagesRequestTests
{
    [Fact]
    public void Conversation_with_everything_becomes_messages() => Golden.Equal("request.json", Translated.Pretty(Messages(
        """
        {
          "model": "m", "max_completion_tokens": 500, "max_tokens": 100, "temperature": 0.5, "top_p": 0.9, "top_k": 40, "stream": true,
          "stream_options": { "include_usage": true }, "stop": "END", "user": "u-1", "n": 1, "presence_penalty": 0, "logprobs": false, "logit_bias": {},
          "reasoning_effort": "minimal", "parallel_tool_calls": false, "store": false, "response_format": { "type": "json_schema",
            "json_schema": { "name": "x", "schema": { "type": "object", "properties": {} }, "strict": true } },
          "tools": [
            { "type": "function", "function": { "name": "weather", "description": "The weather.", "parameters": { "type": "object", "properties": { "city": { "type": "string" } } }, "strict": true } },
            { "type": "function", "function": { "name": "clock" } } ],
          "tool_choice": { "type": "function", "function": { "name": "weather" } },
          "messages": [
            { "role": "system", "content": "Be brief." },
            { "role": "user", "content": "Hello" },
            { "role": "user", "name": "bob", "content": [ { "type": "text", "text": "Look:" },
              { "type": "image_url", "image_url": { "url": "data:image/png;base64,AAAA", "detail": "low" } },
              { "type": "image_url", "image_url": { "url": "https://example.com/a.png" } },
              { "type": "file", "file": { "filename": "a.pdf", "file_data": "data:application/pdf;base64,BBBB" } } ] },
            { "role": "assistant", "content": "One moment.", "reasoning_content": "Hm.", "tool_calls": [
              { "id": "functions.weather:0", "type": "function", "function": { "name": "weather", "arguments": "{\"city\": \"Bern\"}" } },
              { "id": "call_2", "type": "function", "function": { "name": "clock", "arguments": "" } },
              { "id": "call_3", "type": "function", "function": { "name": "clock", "arguments": "{\"a\":" } } ] },
            { "role": "tool", "tool_call_id": "functions.weather:0", "content": "22 °C" },
            { "role": "tool", "tool_call_id": "call_2", "content": [ { "type": "text", "text": "noon" }, { "type": "text", "text": "UTC" } ] },
            { "role": "tool", "tool_call_id": "call_3", "content": "" },
            { "role": "user", "content": "Well?" },
            { "role": "assistant", "content": "" },
            { "role": "developer", "content": [ { "type": "text", "text": "Be quick." } ] }
          ]
        }
        """)));

    [Fact]
    public void Text_of_white_space_beside_calls_is_left_out() => Assert.Equal(
        ["tool_use"],
        Messages(
            """
            {"model":"m","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"\n\n","tool_calls":[
            {"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"1"}]}
            """)["messages"]![1]!["content"]!.AsArray().Select(block => (string?)block!["type"]));

    [Theory]
    [InlineData("\"tool_choice\":\"required\"", """{"type":"any"}""")]
    [InlineData("\"tool_choice\":\"none\",\"parallel_tool_calls\":false", """{"type":"none"}""")]
    [InlineData("\"tool_choice\":\"auto\"", """{"type":"auto"}""")]
    [InlineData("\"parallel_tool_calls\":false", """{"type":"auto","disable_parallel_tool_use":true}""")]
    [InlineData("\"parallel_tool_calls\":true", null)]
    public void Tool_choice_has_a_word_there(string members, string? expected) => Assert.Equal(
        expected,
        Messages(Ask(members + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]"))["tool_choice"]?.ToJsonString());

    [Theory]
    [InlineData("none", """{"model":"m","max_tokens":1024,"messages":[{"role":"user","content":"x"}],"thinking":{"type":"disabled"}}""")]
    [InlineData("high", """{"model":"m","max_tokens":1024,"messages":[{"role":"user","content":"x"}],"output_config":{"effort":"high"}}""")]
    public void Effort_has_a_word_there(string effort, string expected) =>
        Assert.Equal(expected, Messages(Ask($"\"reasoning_effort\":\"{effort}\"")).ToJsonString());

    [Fact]
    public void Members_of_Anthropics_own_pass() => Assert.Equal(
        """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}],"thinking":{"type":"adaptive"},"output_config":{"effort":"max"},"top_k":5}""",
        Messages(Ask("\"max_tokens\":9,\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"max\"},\"reasoning_effort\":\"low\",\"top_k\":5"))
            .ToJsonString());

    [Theory]
    [InlineData("\"n\":2", "n")]
    [InlineData("\"seed\":1", "seed")]
    [InlineData("\"logprobs\":true", "logprobs")]
    [InlineData("\"top_logprobs\":2", "top_logprobs")]
    [InlineData("\"logit_bias\":{\"1\":1}", "logit_bias")]
    [InlineData("\"presence_penalty\":0.5", "presence_penalty")]
    [InlineData("\"frequency_penalty\":-1", "frequency_penalty")]
    [InlineData("\"temperature\":1.5", "temperature")]
    [InlineData("\"min_p\":0.5", "min_p")]
    [InlineData("\"reasoning_effort\":\"huge\"", "reasoning_effort")]
    [InlineData("\"chat_template_kwargs\":{\"a\":1}", "chat_template_kwargs")]
    [InlineData("\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"x\"}}]", "tools[0].type")]
    public void R11_what_there_is_no_word_for_is_refused_or_left_out(string members, string param)
    {
        var error = Refused(Ask(members));
        Assert.Equal(ErrorCause.UnsupportedParameter, error.Cause);
        Assert.Equal(param, error.Param);

        var list = new UnsupportedList(UnsupportedParameters.Drop, "m");
        Assert.Equal("""{"model":"m","max_tokens":1024,"messages":[{"role":"user","content":"x"}]}""", Messages(Ask(members), list).ToJsonString());
        Assert.True(list.IsAny);
    }

    [Theory]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}", "response_format")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]}]", "messages[0].content[0].type")]
    [InlineData("\"messages\":[{\"role\":\"system\",\"content\":[{\"type\":\"image_url\"}]}]", "messages[0].content[0].type")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"f\"}}]}]", "messages[0].content[0].file")]
    [InlineData("\"messages\":[{\"role\":\"function\",\"name\":\"f\",\"content\":\"x\"}]", "messages[0].role")]
    public void R11_what_the_request_makes_no_sense_without_is_refused_in_any_case(string members, string param)
    {
        var request = members.StartsWith("\"messages\"", StringComparison.Ordinal) ? $$"""{"model":"m",{{members}}}""" : Ask(members);

        Assert.Equal(param, Refused(request).Param);
        Assert.Equal(param, Refused(request, UnsupportedParameters.Drop).Param);
    }

    [Theory]
    [InlineData("""{"model":"m"}""", "messages")]
    [InlineData("""{"messages":[5]}""", "messages[0]")]
    [InlineData("""{"messages":[{"content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"messages":[{"role":"x","content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"messages":[{"role":"user","content":5}]}""", "messages[0].content")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text"}]}]}""", "messages[0].content[0].text")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"ftp://x"}}]}]}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"messages":[{"role":"tool","content":"x"}]}""", "messages[0].tool_call_id")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]}]}""", "messages[0].tool_calls[0].id")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"max_tokens":0}""", "max_tokens")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema"}}""", "response_format.json_schema.schema")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"stop":[""]}""", "stop[0]")]
    public void What_is_wrong_is_told_with_its_path(string request, string param)
    {
        var error = Refused(request, UnsupportedParameters.Drop);

        Assert.Equal(ErrorCause.InvalidRequest, error.Cause);
        Assert.Equal(param, error.Param);
    }

    [Fact]
    public async Task R11_dropped_parameters_are_named_to_the_client()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await RunningRouter.StartAsync(
            upstream, b => b with { Kind = BackendKind.Anthropic },
            model: m => m with { UnsupportedParameters = UnsupportedParameters.Drop });

        var answer = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions",
            """{"model":"public-model","seed":5,"presence_penalty":1,"messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal("presence_penalty, seed", answer.Header("x-airouter-dropped"));
        Assert.Equal(
            """{"model":"backend-model","max_tokens":1024,"messages":[{"role":"user","content":"Hi"}]}""", upstream.Request.Text);
    }

    [Fact]
    public async Task R11_refused_parameter_is_never_sent()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await RunningRouter.StartAsync(upstream, b => b with { Kind = BackendKind.Anthropic });

        var answer = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions", """{"model":"public-model","seed":5,"messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Equal(400, answer.Status);
        var error = JsonNode.Parse(answer.Body)!["error"]!;
        Assert.Equal("unsupported_parameter", (string?)error["code"]);
        Assert.Equal("seed", (string?)error["param"]);
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task R9_limits_and_R11_changes_of_the_configuration_hold_here_too()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await RunningRouter.StartAsync(
            upstream, b => b with { Kind = BackendKind.Anthropic },
            model: m => m with
            {
                MaxTokens = new TokenLimitConfig { Default = 77 },
                Parameters = new ParametersConfig { Drop = ["seed"], Force = new Dictionary<string, JsonNode?> { ["temperature"] = 0.25 } },
            });

        var answer = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions", """{"model":"public-model","seed":5,"messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            """{"model":"backend-model","max_tokens":77,"messages":[{"role":"user","content":"Hi"}],"temperature":0.25}""", upstream.Request.Text);
    }

    private static string Ask(string members) => $$"""{"model":"m","messages":[{"role":"user","content":"x"}],{{members}}}""";

    private static JsonObject Messages(string chat, UnsupportedList? list = null)
    {
        var reader = Read(chat, list ?? new UnsupportedList(UnsupportedParameters.Reject, "m"), out var messages);
        Assert.Null(reader.Error);
        return messages;
    }

    private static ApiError Refused(string chat, UnsupportedParameters policy = UnsupportedParameters.Reject)
    {
        var error = Read(chat, new UnsupportedList(policy, "m"), out _).Error;
        Assert.NotNull(error);
        return error;
    }

    private static MemberReader Read(string chat, UnsupportedList list, out JsonObject messages)
    {
        var reader = JsonElements.MembersOf(JsonDocument.Parse(chat).RootElement);
        messages = MessagesRequest.From(reader, list);
        return reader;
    }
}
