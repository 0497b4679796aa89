using System.Text.Json;
using AiRouter.Prompting.Formats;
using AiRouter.Prompting.Formats.Preview;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AiRouter.Tests.Prompting.Formats.Preview;

/// <summary>A conversation is read as chat requests have it; what is wrong is told with its place.</summary>
public sealed class ConversationJsonTests
{
    [Fact]
    public void Everything_of_a_prompt_is_read()
    {
        var conversation = Read("""
            {"messages":[
               {"role":"developer","content":"D","name":"n"},
               {"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"x"}},{"type":"text","text":"b"}]},
               {"role":"assistant","reasoning_content":"R","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":{"x":1}}}]},
               {"role":"tool","tool_call_id":"1","content":"T"}],
             "tools":[{"type":"function","function":{"name":"f"}}],"documents":[],"chat_template_kwargs":{"v":[1]},
             "add_generation_prompt":false,"continue_final_message":null}
            """);

        Assert.Equal([ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool], conversation.Messages.Select(m => m.Role));
        Assert.Equal(("developer", "n"), (conversation.Messages[0].SentRole, conversation.Messages[0].Name));
        Assert.Equal("ab", conversation.Messages[1].Content);
        Assert.Equal([ContentKind.Text, ContentKind.Image, ContentKind.Text], conversation.Messages[1].Parts!.Select(p => p.Kind));
        Assert.True(conversation.Messages[2].HasNoContent);
        Assert.Equal(("R", new MessageToolCall("1", "f", """{"x":1}""")), (conversation.Messages[2].Reasoning, conversation.Messages[2].ToolCalls[0]));
        Assert.Equal("1", conversation.Messages[3].ToolCallId);
        Assert.Equal(1, conversation.Tools!.Value.GetArrayLength());
        Assert.Null(conversation.Documents);
        Assert.Equal("[1]", conversation.Variables["v"].GetRawText());
        Assert.Equal((false, null), (conversation.AddGenerationPrompt, conversation.ContinueFinalMessage));
    }

    [Theory]
    [InlineData("[]", "the conversation: must be an object")]
    [InlineData("{}", "messages: must be a list with at least one message")]
    [InlineData("""{"messages":[]}""", "messages: must be a list with at least one message")]
    [InlineData("""{"messages":[7]}""", "messages[0]: must be an object")]
    [InlineData("""{"messages":[{"role":"user","content":"x"},{"role":"boss"}]}""", "messages[1].role: must be system, developer")]
    [InlineData("""{"messages":[{"role":"user"}]}""", "messages[0].content: must be a text or a list of parts")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"x"}]}]}""", "messages[0].content[0].type: must be text")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text"}]}]}""", "messages[0].content[0].text: is missing")]
    [InlineData("""{"messages":[{"role":"user","content":"x","name":1}]}""", "messages[0].name: must be a text")]
    [InlineData("""{"messages":[{"role":"user","content":"x","tool_calls":[{"function":{"name":"f"}}]}]}""", "messages[0].tool_calls: only messages")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{}]}]}""", "messages[0].tool_calls[0]: must be an object with a function")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"function":{}}]}]}""", "messages[0].tool_calls[0].function.name: is missing")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"tools":{}}""", "tools: must be a list")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"chat_template_kwargs":[]}""", "chat_template_kwargs: must be an object")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"add_generation_prompt":1}""", "add_generation_prompt: must be true or false")]
    [InlineData("""{"messages":[{"role":"user","content":"\ud800"}]}""", "the conversation: a text in it has half a surrogate pair")]
    public void What_is_wrong_is_told_with_its_place(string json, string problem)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Null(ConversationJson.Read(document.RootElement, out var told));
        Assert.StartsWith(problem, told, StringComparison.Ordinal);
    }

    [Property(MaxTest = 300)]
    public Property Whatever_is_sent_is_read_or_refused()
    {
        var words = Gen.Elements(
            "messages", "role", "content", "tool_calls", "function", "name", "arguments", "type", "text", "user", "assistant", "tools", "id", "x");
        Gen<string> Json(int depth) => depth == 0
            ? Gen.OneOf(words.Select(w => $"\"{w}\""), Gen.Elements("1", "null", "true", "\"\\ud800\"", "1.5"))
            : Gen.OneOf(
                Json(0),
                Json(depth - 1).ArrayOf().Select(items => $"[{string.Join(',', items.Take(3))}]"),
                words.Zip(Json(depth - 1)).ArrayOf().Select(m => $"{{{string.Join(',', m.Take(4).Select(p => $"\"{p.Item1}\":{p.Item2}"))}}}"));
        return Prop.ForAll(
            Json(3).Select(messages => $$"""{"messages":[{{messages}},{"role":"assistant","tool_calls":[{{messages}}],"content":{{messages}}}]}""").ToArbitrary(),
            json =>
            {
                using var document = JsonDocument.Parse(json);
                return (ConversationJson.Read(document.RootElement, out var problem) is null) == (problem is not null);
            });
    }

    private static Conversation Read(string json) =>
        ConversationJson.Read(JsonDocument.Parse(json).RootElement, out var problem) ?? throw new InvalidOperationException(problem);
}
