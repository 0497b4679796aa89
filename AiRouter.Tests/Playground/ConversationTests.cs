using System.Text.Json.Nodes;
using AiRouter.Admin.Components.Playground;
using AiRouter.Admin.Management.Playground;

namespace AiRouter.Tests.Playground;

public sealed class ConversationTests
{
    [Fact]
    public void What_was_said_and_answered_is_sent()
    {
        var talk = new Conversation();
        talk.Say("Hello");
        talk.Answer(Answered("Hi."));
        talk.Say("And now?");

        Assert.Equal(
            """[{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi."},{"role":"user","content":"And now?"}]""", Sent(talk));
        Assert.True(talk.AwaitsAnswer);
    }

    [Fact]
    public void Answer_that_failed_without_a_word_is_not_sent_and_can_be_asked_for_again()
    {
        var talk = new Conversation();
        talk.Say("Hello");
        var failed = new ChatAnswer(TimeProvider.System);
        failed.Fail(new AnswerError("no"));
        failed.End();
        talk.Answer(failed);
        Assert.Equal("""[{"role":"user","content":"Hello"}]""", Sent(talk));

        talk.TakeAnswerBack();
        Assert.Single(talk.Turns);
    }

    [Fact]
    public void Calls_wait_for_results_and_are_sent_with_them_only()
    {
        var talk = new Conversation();
        talk.Say("Weather?");
        var answer = new ChatAnswer(TimeProvider.System);
        answer.Add((JsonObject)JsonNode.Parse("""{"tool_calls":[{"id":"a","function":{"name":"w","arguments":"{}"}},{"id":"b","function":{"name":"w","arguments":"{}"}}]}""")!);
        talk.Answer(answer);
        Assert.Empty(talk.OpenCalls);
        answer.End();
        Assert.Equal(["a", "b"], talk.OpenCalls.Select(static c => c.Id));
        Assert.Equal("""[{"role":"user","content":"Weather?"}]""", Sent(talk));

        talk.Result(talk.OpenCalls[0], "warm");
        Assert.Equal(
            """[{"role":"user","content":"Weather?"},{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"w","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"warm"}]""",
            Sent(talk));
        Assert.Empty(talk.OpenCalls);
    }

    [Fact]
    public void Message_is_taken_back_with_all_that_followed()
    {
        var talk = new Conversation();
        talk.Say("One");
        talk.Answer(Answered("1"));
        talk.Say("Two");
        talk.Answer(Answered("2"));

        Assert.Equal("Two", talk.TakeBack(talk.Turns[2]));
        Assert.Equal(2, talk.Turns.Count);
    }

    [Fact]
    public void Empty_fields_are_not_sent()
    {
        var request = new PlaygroundForm { Model = " m ", Stream = false }.ToRequest([new ChatMessage(ChatRole.User, "Hi")]).Value!;

        Assert.Equal("""{"model":"m","messages":[{"role":"user","content":"Hi"}]}""", request.ToJson().ToJsonString());
    }

    [Fact]
    public void Every_field_is_sent_under_its_name_and_more_goes_over_it()
    {
        var form = new PlaygroundForm
        {
            Model = "m",
            System = "Be short.",
            Temperature = 0.5,
            TopP = 0.9,
            MaxTokens = 10,
            Seed = 7,
            Stop = "END\n\n---\n",
            ReasoningEffort = "low",
            Format = "json_schema",
            Schema = """{"type":"object"}""",
            Tools = """[{"type":"function"}]""",
            ToolChoice = "required",
            More = """{"top_k":20,"seed":8}""",
        };

        Assert.Equal(
            """
            {"model":"m","messages":[{"role":"system","content":"Be short."}],"temperature":0.5,"top_p":0.9,"max_completion_tokens":10,"seed":8,"stop":["END","---"],"reasoning_effort":"low","response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":{"type":"object"}}},"tools":[{"type":"function"}],"tool_choice":"required","stream":true,"stream_options":{"include_usage":true},"top_k":20}
            """,
            form.ToRequest([]).Value!.ToJson().ToJsonString());
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_by_field_with_line_and_column()
    {
        var form = new PlaygroundForm { Tools = "[\n  {]\n]", More = "[]", Format = "json_schema", Schema = "" };

        var problems = form.ToRequest([]).Failure!.Errors;
        Assert.Equal(["model", "tools", "more", "schema"], problems.Select(static p => p.Path));
        Assert.StartsWith("is no JSON at line 2, column 4: ", problems[1].Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", problems[1].Message, StringComparison.Ordinal);
    }

    private static ChatAnswer Answered(string text)
    {
        var answer = new ChatAnswer(TimeProvider.System);
        answer.Add(new JsonObject { ["content"] = text });
        answer.End();
        return answer;
    }

    private static string Sent(Conversation talk) => new JsonArray([.. talk.ToMessages().Select(static m => (JsonNode)m.ToJson())]).ToJsonString();
}
