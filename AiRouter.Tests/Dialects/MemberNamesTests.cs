using System.Text;
using AiRouter.Api.Dialects;
using AiRouter.Api.Dialects.Messages;
using AiRouter.Api.Dialects.Responses;
using AiRouter.Api.Errors;
using AiRouter.Core.Json;

namespace AiRouter.Tests.Dialects;

/// <summary>Errors about a chat request, in the words of the request that it was made of.</summary>
public sealed class MemberNamesTests
{
    private const string Response =
        """
        {"model":"m","instructions":"Be brief.","input":[
          {"role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_image","image_url":"data:,"}]},
          {"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},
          {"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
          {"type":"function_call_output","call_id":"c1","output":"1"},
          {"type":"message","role":"assistant","content":"b"},
          {"type":"function_call","call_id":"c2","name":"f","arguments":"{}"},
          {"type":"function_call_output","call_id":"c2","output":"2"},
          {"type":"function_call","call_id":"c3","name":"f","arguments":"{}"},
          {"type":"function_call_output","call_id":"c3","output":"2"},
          {"role":"assistant","content":"d"},
          {"role":"user","content":"e"}],
         "tools":[{"type":"function","name":"f","parameters":{}}]}
        """;

    private const string Message =
        """
        {"model":"m","max_tokens":5,"system":"Be brief.","messages":[
          {"role":"user","content":[{"type":"text","text":"a"},{"type":"image","source":{"type":"url","url":"data:,"}}]},
          {"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"1"},{"type":"text","text":"b"}]},
          {"role":"assistant","content":"c"}],
         "tools":[{"name":"f","input_schema":{"type":"object"}}]}
        """;

    [Theory]
    [InlineData("messages", "input")]
    [InlineData("messages[0].content", "instructions")]
    [InlineData("messages[1]", "input[0]")]
    [InlineData("messages[1].role", "input[0].role")]
    [InlineData("messages[1].content[0].text", "input[0].content[0].text")]
    [InlineData("messages[1].content[1].image_url.url", "input[0].content[1].image_url")]
    [InlineData("messages[2].tool_calls[0].function.arguments", "input")]
    [InlineData("messages[3].content", "input[3].output")]
    [InlineData("messages[3].tool_call_id", "input[3].call_id")]
    [InlineData("messages[4].content", "input")]
    [InlineData("messages[6].tool_calls[0].function.arguments", "input[7].arguments")]
    [InlineData("messages[6].tool_calls[0].id", "input[7].call_id")]
    [InlineData("messages[8].content", "input[9].content")]
    [InlineData("messages[9].name", "input[10]")]
    [InlineData("messages[99].content", "input")]
    [InlineData("max_completion_tokens", "max_output_tokens")]
    [InlineData("max_tokens", "max_output_tokens")]
    [InlineData("reasoning_effort", "reasoning.effort")]
    [InlineData("response_format", "text.format")]
    [InlineData("response_format.json_schema.schema", "text.format.schema")]
    [InlineData("response_format.type", "text.format.type")]
    [InlineData("tools[0].function.parameters", "tools[0].parameters")]
    [InlineData("tools[0].function", "tools[0]")]
    [InlineData("tools", "tools")]
    [InlineData("tool_choice.function.name", "tool_choice.name")]
    [InlineData("chat_template_kwargs.mood", "chat_template_kwargs.mood")]
    [InlineData("temperature", "temperature")]
    public void Responses_API_calls_it(string chat, string expected) => Assert.Equal(expected, OfResponses(Response).Of(chat));

    [Theory]
    [InlineData("messages", "messages")]
    [InlineData("messages[0].content", "system")]
    [InlineData("messages[1].content[1].image_url.url", "messages[0].content[1].source")]
    [InlineData("messages[2].tool_calls[0].function.arguments", "messages[1].content")]
    [InlineData("messages[3].content", "messages[2].content[0].content")]
    [InlineData("messages[3].tool_call_id", "messages[2].content[0].tool_use_id")]
    [InlineData("messages[4].content", "messages[2].content")]
    [InlineData("messages[5].content", "messages[3].content")]
    [InlineData("messages[99]", "messages")]
    [InlineData("max_completion_tokens", "max_tokens")]
    [InlineData("reasoning_effort", "thinking")]
    [InlineData("response_format.json_schema.schema.type", "output_config.format.schema.type")]
    [InlineData("stop[0]", "stop_sequences[0]")]
    [InlineData("user", "metadata.user_id")]
    [InlineData("tools[0].function.parameters.type", "tools[0].input_schema.type")]
    [InlineData("tools[0].function.name", "tools[0].name")]
    [InlineData("tool_choice.function.name", "tool_choice.name")]
    [InlineData("parallel_tool_calls", "tool_choice.disable_parallel_tool_use")]
    [InlineData("top_k", "top_k")]
    public void Messages_call_it(string chat, string expected) => Assert.Equal(expected, OfMessages(Message).Of(chat));

    [Theory]
    [InlineData("\"output_config\":{\"effort\":\"high\"}", "output_config.effort")]
    [InlineData("\"output_config\":{\"effort\":\"high\"},\"thinking\":{\"type\":\"enabled\"}", "output_config.effort")]
    [InlineData("\"output_config\":{\"effort\":\"high\"},\"thinking\":{\"type\":\"disabled\"}", "thinking")]
    [InlineData("\"thinking\":{\"type\":\"enabled\"}", "thinking")]
    [InlineData("\"reasoning_effort\":\"high\"", "reasoning_effort")]
    public void Effort_of_messages_is_where_the_client_has_said_it(string member, string expected) => Assert.Equal(
        expected, OfMessages($$"""{"messages":[{"role":"user","content":"a"}],{{member}}}""").Of("reasoning_effort"));

    [Fact]
    public void What_the_client_sent_under_chats_own_name_keeps_it()
    {
        var names = OfResponses("""{"input":"a","reasoning_effort":"high","max_tokens":5}""");

        Assert.Equal("reasoning_effort", names.Of("reasoning_effort"));
        Assert.Equal("max_tokens", names.Of("max_tokens"));
        Assert.Equal("input", names.Of("messages[0].content"));
    }

    [Fact]
    public void What_is_kept_is_named_by_the_response_that_it_is_of()
    {
        var request = JsonBytes.ReadObject(Encoding.UTF8.GetBytes(
            """{"input":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}"""));
        var names = new ResponsesDialect().NamesOf(request, earlier: 2);

        Assert.Equal("previous_response_id", names.Of("messages[0].content"));
        Assert.Equal("input[0].content", names.Of("messages[2].content"));
        Assert.Equal("input", names.Of("messages"));
    }

    [Fact]
    public void Sentence_names_the_clients_members_too_and_keeps_plain_words()
    {
        var error = OfMessages(Message).In(new ApiError(
            ErrorCause.InvalidRequest, "Invalid 'tools[0].function.parameters': 'max_completion_tokens' and 'user', 'stop'.",
            "tools[0].function.parameters"));

        Assert.Equal("Invalid 'tools[0].input_schema': 'max_tokens' and 'user', 'stop'.", error.Message);
        Assert.Equal("tools[0].input_schema", error.Param);
    }

    [Fact]
    public void What_the_error_is_about_is_named_even_if_it_is_a_plain_word()
    {
        var error = OfMessages(Message).In(new ApiError(ErrorCause.InvalidRequest, "Invalid 'stop': it is empty.", "stop"));

        Assert.Equal(("Invalid 'stop_sequences': it is empty.", "stop_sequences"), (error.Message, error.Param));
    }

    [Fact]
    public void Error_about_nothing_stays()
    {
        var error = new ApiError(ErrorCause.BackendError, "It's the model's fault.") { Status = 500 };

        Assert.Equal(error, OfResponses(Response).In(error));
    }

    private static MemberNames OfResponses(string request) =>
        new ResponsesDialect().NamesOf(JsonBytes.ReadObject(Encoding.UTF8.GetBytes(request)));

    private static MemberNames OfMessages(string request) =>
        MessagesDialect.Instance.NamesOf(JsonBytes.ReadObject(Encoding.UTF8.GetBytes(request)));
}
