using AiRouter.Api.Errors;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Dialects.Messages;

/// <summary>Requests of Anthropic's clients, as chat.</summary>
public sealed class MessagesRequestTests
{
    [Fact]
    public void Conversation_with_every_kind_of_block_becomes_chat() => Golden.Equal("conversation.json", Translated.Pretty(Translated.Chat(
        """
        {
          "model": "claude", "max_tokens": 500, "temperature": 0.5, "top_k": 40, "stream": true, "stop_sequences": ["END"],
          "metadata": { "user_id": "u-1" }, "thinking": { "type": "enabled", "budget_tokens": 10000 }, "service_tier": "standard_only",
          "cache_control": { "type": "ephemeral" }, "min_p": 0.1,
          "system": [
            { "type": "text", "text": "Be brief.", "cache_control": { "type": "ephemeral" } }, { "type": "text", "text": "Be kind." }
          ],
          "tools": [
            {
              "name": "weather", "description": "The weather.",
              "input_schema": { "type": "object", "properties": { "city": { "type": "string" } } }, "strict": true
            },
            { "type": "custom", "name": "clock", "input_schema": { "type": "object" } }
          ],
          "tool_choice": { "type": "any", "disable_parallel_tool_use": true },
          "messages": [
            { "role": "user", "content": "Hello" },
            { "role": "assistant", "content": [
              { "type": "thinking", "thinking": "They greet.", "signature": "abc" }, { "type": "redacted_thinking", "data": "xyz" },
              { "type": "text", "text": "Hi. " }, { "type": "text", "text": "One moment." },
              { "type": "tool_use", "id": "toolu_1", "name": "weather", "input": { "city": "Bern" } },
              { "type": "tool_use", "id": "toolu_2", "name": "clock", "input": {} } ] },
            { "role": "user", "content": [
              { "type": "text", "text": "There you are." },
              { "type": "tool_result", "tool_use_id": "toolu_1", "content": [
                { "type": "text", "text": "22 °C" },
                { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "AAAA" } } ] },
              { "type": "tool_result", "tool_use_id": "toolu_2", "content": "no clock", "is_error": true },
              { "type": "tool_result", "tool_use_id": "toolu_3" },
              { "type": "image", "source": { "type": "url", "url": "https://example.com/a.png" } },
              { "type": "document", "title": "Notes", "source": { "type": "text", "media_type": "text/plain", "data": "all of it" } } ] },
            { "role": "system", "content": "Be quick." },
            { "role": "assistant", "content": "Sunny" }
          ]
        }
        """)));

    [Fact]
    public void Small_request_becomes_small_chat() => Assert.Equal(
        """{"model":"m","messages":[{"role":"system","content":"S"},{"role":"user","content":"Hi"}]}""",
        Translated.Chat(
            """{"model":"m","system":"S","messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}""").ToJsonString());

    [Theory]
    [InlineData("""{"type":"auto"}""", "\"auto\"")]
    [InlineData("""{"type":"none"}""", "\"none\"")]
    [InlineData("""{"type":"tool","name":"f"}""", """{"type":"function","function":{"name":"f"}}""")]
    public void Tool_choice_has_a_word_in_chat(string choice, string expected) => Assert.Equal(
        expected,
        Translated.Chat($$"""{"messages":[{"role":"user","content":"x"}],"tool_choice":{{choice}}}""")["tool_choice"]!.ToJsonString());

    [Theory]
    [InlineData("""{"type":"disabled"}""", "none")]
    [InlineData("""{"type":"adaptive"}""", null)]
    [InlineData("""{"type":"enabled","budget_tokens":1024}""", "low")]
    [InlineData("""{"type":"enabled","budget_tokens":8000}""", "medium")]
    [InlineData("""{"type":"enabled","budget_tokens":32000}""", "high")]
    public void Thinking_becomes_an_effort(string thinking, string? effort) => Assert.Equal(
        effort,
        (string?)Translated.Chat($$"""{"messages":[{"role":"user","content":"x"}],"thinking":{{thinking}}}""")["reasoning_effort"]);

    [Fact]
    public void Output_config_becomes_effort_and_schema() => Assert.Equal(
        """{"messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":""" +
        """{"type":"object"},"strict":true}},"reasoning_effort":"xhigh"}""",
        Translated.Chat(
            """{"messages":[{"role":"user","content":"x"}],"thinking":{"type":"adaptive"},"output_config":{"effort":"xhigh","format":""" +
            """{"type":"json_schema","schema":{"type":"object"}}}}""")
            .ToJsonString());

    [Theory]
    [InlineData("""{}""", "messages")]
    [InlineData("""{"messages":[]}""", "messages")]
    [InlineData("""{"messages":{}}""", "messages")]
    [InlineData("""{"messages":[1]}""", "messages[0]")]
    [InlineData("""{"messages":[{"role":"tool","content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"messages":[{"role":"user"}]}""", "messages[0].content")]
    [InlineData("""{"messages":[{"role":"user","content":5}]}""", "messages[0].content")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"x"}]}]}""", "messages[0].content[0].type")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text"}]}]}""", "messages[0].content[0].text")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image"}]}]}""", "messages[0].content[0].source")]
    [InlineData(
        """{"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":"x"}]}]}""",
        "messages[0].content[0].input")]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"type":"tool_result","content":"x"}]}]}""", "messages[0].content[0].tool_use_id")]
    [InlineData("""{"system":5,"messages":[{"role":"user","content":"x"}]}""", "system")]
    [InlineData("""{"stop_sequences":"x","messages":[{"role":"user","content":"x"}]}""", "stop_sequences")]
    [InlineData("""{"stream":"yes","messages":[{"role":"user","content":"x"}]}""", "stream")]
    [InlineData("""{"tools":{},"messages":[{"role":"user","content":"x"}]}""", "tools")]
    [InlineData("""{"tools":[{"name":"f"}],"messages":[{"role":"user","content":"x"}]}""", "tools[0].input_schema")]
    [InlineData("""{"tools":[{"input_schema":{}}],"messages":[{"role":"user","content":"x"}]}""", "tools[0].name")]
    [InlineData("""{"tool_choice":{"type":"tool"},"messages":[{"role":"user","content":"x"}]}""", "tool_choice.name")]
    [InlineData("""{"thinking":{"type":"x"},"messages":[{"role":"user","content":"x"}]}""", "thinking.type")]
    [InlineData("""{"metadata":{"user_id":5},"messages":[{"role":"user","content":"x"}]}""", "metadata.user_id")]
    public void What_is_wrong_is_told_under_the_clients_own_name(string request, string param)
    {
        var error = Translated.Refused(request);

        Assert.Equal(ErrorCause.InvalidRequest, error.Cause);
        Assert.Equal(param, error.Param);
    }

    [Theory]
    [InlineData(
        """{"tools":[{"type":"web_search_20250305","name":"web_search"}],"messages":[{"role":"user","content":"x"}]}""", "tools[0].type",
        "web_search_20250305")]
    [InlineData("""{"mcp_servers":[{"type":"url"}],"messages":[{"role":"user","content":"x"}]}""", "mcp_servers", "mcp_servers")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"search_result"}]}]}""", "messages[0].content[0].type", "search_result")]
    [InlineData(
        """{"messages":[{"role":"assistant","content":[{"type":"server_tool_use"}]}]}""", "messages[0].content[0].type", "server_tool_use")]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"type":"document","source":""" +
        """{"type":"base64","media_type":"application/pdf","data":"AA"}}]}]}""", "messages[0].content[0].source.type", "text")]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}]}""",
        "messages[0].content[0].source.type", "base64")]
    public void What_only_Anthropic_can_do_is_refused_by_its_name(string request, string param, string named)
    {
        var error = Translated.Refused(request);

        Assert.Equal(ErrorCause.UnsupportedParameter, error.Cause);
        Assert.Equal(param, error.Param);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"\ud800"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"model":"a","model":"b"}""")]
    [InlineData("""{"messages":[{"role":"user","content":"x","role":"assistant"}]}""")]
    public void Odd_json_is_an_error(string request) => Assert.Equal(ErrorCause.InvalidRequest, Translated.Refused(request).Cause);
}
