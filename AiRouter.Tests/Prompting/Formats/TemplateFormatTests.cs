using System.Text.Json;
using AiRouter.Core.Configuration;
using AiRouter.Prompting.Formats;
using static AiRouter.Tests.Prompting.Formats.FormatFolder;

namespace AiRouter.Tests.Prompting.Formats;

public sealed class TemplateFormatTests
{
    private const string Simple =
        "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{{ eos_token }}{% endfor %}" +
        "{% if add_generation_prompt %}[assistant]{% endif %}";

    private static readonly ChatMessage Question = new(ChatRole.User, "Hi");
    private static readonly ChatMessage Answer = new(ChatRole.Assistant, "Hello ");
    private static readonly PromptConfig Tokens = new() { Bos = "<s>", Eos = "</s>" };

    [Fact]
    public void Tokens_system_message_and_variables_come_from_the_configuration()
    {
        var format = Inline(Simple + "{{ mood }}{{ level }}", Tokens with
        {
            System = "Be kind.",
            Variables = new Dictionary<string, System.Text.Json.Nodes.JsonNode?> { ["mood"] = "calm", ["level"] = 1 },
        });

        Assert.Equal("<s>[system]Be kind.</s>[user]Hi</s>[assistant]calm1", Render(format, Question));
        Assert.Equal(
            "<s>[system]Mine.</s>[user]Hi</s>[assistant]calm1", Render(format, new ChatMessage(ChatRole.System, "Mine."), Question));
    }

    [Fact]
    public void Variables_of_the_request_go_before_those_of_the_configuration()
    {
        var format = Inline("{{ messages[0].content }}{{ mood }}", new PromptConfig
        {
            Variables = new Dictionary<string, System.Text.Json.Nodes.JsonNode?> { ["mood"] = "calm" },
        });
        var conversation = new Conversation { Messages = [Question], Variables = Members("""{"mood":"wild","messages":[]}""") };

        Assert.Equal("Hiwild", Render(format, conversation));
        Assert.Contains("mood", format.Traits.Names);
    }

    [Theory]
    [InlineData("developer", "system")]
    [InlineData("system", "system")]
    [InlineData("function", "tool")]
    [InlineData("tool", "tool")]
    public void Roles_that_open_models_do_not_know_become_those_that_they_do(string sent, string expected)
    {
        var message = new ChatMessage(sent is "system" or "developer" ? ChatRole.System : ChatRole.Tool, "x") { SentRole = sent };

        Assert.Equal($"[{expected}]x[assistant]", Render(Inline(Simple), message));
    }

    [Fact]
    public void Roles_are_called_as_configured()
    {
        var format = Inline(Simple, new PromptConfig
        {
            Roles = new Dictionary<string, string> { ["developer"] = "developer", ["system"] = "instruction" },
        });

        Assert.Equal("[developer]x[assistant]", Render(format, new ChatMessage(ChatRole.System, "x") { SentRole = "developer" }));
        Assert.Equal("[instruction]x[assistant]", Render(format, new ChatMessage(ChatRole.System, "x") { SentRole = "system" }));
    }

    [Fact]
    public void Calls_have_the_form_that_templates_expect()
    {
        var format = Inline("{% for m in messages %}{{ m | tojson }}\n{% endfor %}");
        var calls = new ChatMessage(ChatRole.Assistant, "")
        {
            HasNoContent = true,
            Reasoning = "hm",
            ToolCalls = [new("c1", "f", """{"b":1.0,"a":[null,true]}"""), new("", "g", "not json"), new("c3", "h", "")],
        };
        var result = new ChatMessage(ChatRole.Tool, "4", "f") { ToolCallId = "c1" };

        Assert.Equal(
            """
            {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": {"b": 1.0, "a": [null, true]}}}, {"type": "function", "function": {"name": "g", "arguments": "not json"}}, {"id": "c3", "type": "function", "function": {"name": "h", "arguments": {}}}], "reasoning_content": "hm"}
            {"role": "tool", "content": "4", "name": "f", "tool_call_id": "c1"}

            """.ReplaceLineEndings("\n").Replace("\"content\": null", "\"content\": \"\"", StringComparison.Ordinal),
            Render(format, calls, result));
    }

    [Theory]
    [InlineData("{% for m in messages %}{% if m.content is none %}CALL{% else %}{{ m.content }}{% endif %}{% endfor %}", "CALL")]
    [InlineData("{% for m in messages %}<{{ m.content }}>{% endfor %}", "<>")]
    [InlineData("{% for m in messages %}<{{ m['content'] + '' }}>{% endfor %}", "<>")]
    public void Nothing_said_is_None_where_the_template_takes_it_and_empty_else(string template, string expected)
    {
        var calls = new ChatMessage(ChatRole.Assistant, "") { HasNoContent = true, ToolCalls = [new("c", "f", "{}")] };

        Assert.Equal(expected, Render(Inline(template), calls));
    }

    [Fact]
    public void Reasoning_is_called_what_the_template_calls_it()
    {
        var format = Inline("{% for m in messages %}{{ m.thinking or '' }}{% endfor %}");

        Assert.Equal("hm", Render(format, new ChatMessage(ChatRole.Assistant, "x") { Reasoning = "hm" }));
    }

    [Fact]
    public void R15_one_BOS_is_left_out_when_the_backend_adds_it()
    {
        var format = Inline(Simple, Tokens);
        var conversation = new Conversation { Messages = [new ChatMessage(ChatRole.User, "<s>")] };

        Assert.Equal("<s>[user]<s></s>[assistant]", Render(format, conversation));
        Assert.Equal("[user]<s></s>[assistant]", Render(format, conversation with { BackendAddsBos = true }));
        Assert.Equal("<s>Once", Complete(format, "<s>Once"));
        Assert.Equal("Once", Complete(format, "<s>Once", backendAddsBos: true));
        Assert.Equal("<s>Once", Complete(format, "<s><s>Once", backendAddsBos: true));
    }

    [Fact]
    public void Last_message_is_continued()
    {
        var format = Inline(Simple, Tokens);
        var conversation = new Conversation { Messages = [Question, Answer], ContinueFinalMessage = true };

        Assert.Equal("<s>[user]Hi</s>[assistant]Hello ", Render(format, conversation));
        Assert.Equal("[user]Hi</s>[assistant]Hello ", Render(format, conversation with { BackendAddsBos = true }));
    }

    [Theory]
    [InlineData("{% for m in messages %}{{ m.content | trim }};{% endfor %}", "Hi;Hello")]
    [InlineData("{% for m in messages %}{{ m.content }};{% endfor %}", "Hi;Hello ")]
    [InlineData("{% for m in messages %}{% for p in m.content %}{{ p.text }}{% endfor %};{% endfor %}", "Hi;Hello ")]
    public void Continued_message_keeps_the_spaces_that_the_template_keeps(string template, string expected) => Assert.Equal(
        expected, Render(Inline(template), new Conversation { Messages = [Question, Answer], ContinueFinalMessage = true }));

    [Fact]
    public void Continued_empty_message_ends_where_its_text_would_begin() => Assert.Equal(
        "[user]Hi[assistant]",
        Render(Inline(Simple), new Conversation { Messages = [Question, new(ChatRole.Assistant, "")], ContinueFinalMessage = true }));

    [Fact]
    public void Continuing_can_be_the_default_and_the_client_may_want_an_answer_instead()
    {
        var format = Inline(Simple, new PromptConfig { ContinueFinalMessage = true });
        var conversation = new Conversation { Messages = [Question, Answer] };

        Assert.Equal("[user]Hi[assistant]Hello ", Render(format, conversation));
        Assert.Equal("[user]Hi[assistant]Hello [assistant]", Render(format, conversation with { AddGenerationPrompt = true }));
        Assert.Equal("[user]Hi[assistant]Hello [assistant]", Render(format, conversation with { ContinueFinalMessage = false }));
        Assert.Equal("[user]Hi[assistant]", Render(format, Question));
    }

    [Fact]
    public void Continuing_what_cannot_be_continued_is_the_clients_fault()
    {
        var user = Refusal(Simple, new Conversation { Messages = [Question], ContinueFinalMessage = true });
        var both = Refusal(
            Simple, new Conversation { Messages = [Question, Answer], ContinueFinalMessage = true, AddGenerationPrompt = true });
        var hidden = Refusal(
            "{{ messages[0].content }}", new Conversation { Messages = [Question, Answer], ContinueFinalMessage = true });

        Assert.All(new[] { user, both, hidden }, e => Assert.Equal((true, "continue_final_message"), (e.IsRefusal, e.Param)));
    }

    [Fact]
    public void Completions_are_as_they_are_or_of_a_template_or_disabled()
    {
        Assert.Equal("{{ x }}", Complete(Inline(Simple, Tokens), "{{ x }}"));
        Assert.Equal(
            "<s>[INST] Once [/INST]",
            Complete(Inline(Simple, Tokens with { Completions = "{{ bos_token }}[INST] {{ prompt }} [/INST]" }), "Once"));
        Assert.Equal(
            "[INST] Once [/INST]",
            Complete(Inline(Simple, Tokens with { Completions = "{{ bos_token }}[INST] {{ prompt }} [/INST]" }), "Once", true));
        Assert.Null(Complete(Inline(Simple, Tokens with { Completions = "disabled" }), "Once"));
    }

    [Fact]
    public void What_the_template_refuses_is_a_refusal_in_its_words()
    {
        var refused = Refusal(
            "{% if messages | length > 1 %}{{ raise_exception('One at a time!') }}{% endif %}{{ messages[0].content }}",
            new Conversation { Messages = [Question, Answer] });

        Assert.Equal((true, "One at a time!"), (refused.IsRefusal, refused.Message));
    }

    [Fact]
    public void Template_that_fails_is_no_refusal_and_tells_where()
    {
        var failed = Refusal(
            "{{ messages[0].content }}\n{% if messages | length > 1 %}{{ nothing.at_all }}{% endif %}",
            new Conversation { Messages = [Question, Answer] });

        Assert.False(failed.IsRefusal);
        Assert.Contains("line 2, column", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_tells_the_operator_where_it_is_and_the_client_only_what_the_template_says()
    {
        var refused = Refusal(
            "{{ messages[0].content }}\n{% if messages | length > 1 %}{{ raise_exception('One at a time!') }}{% endif %}",
            new Conversation { Messages = [Question, Answer] });

        Assert.Equal("One at a time!", refused.Message);
        Assert.Equal(("template", 2, 49), (refused.Problem!.Template, refused.Problem.Line, refused.Problem.Column));
        Assert.Equal("template, line 2, column 49: One at a time!", refused.Problem.ToString());
    }

    [Fact]
    public void Number_that_Python_does_not_read_is_the_clients_fault()
    {
        var number = new string('9', 5000);
        var conversation = new Conversation
        {
            Messages = [Question with { Role = ChatRole.Assistant, ToolCalls = [new("c", "f", $$"""{"a":{{number}}}""")] }],
            Tools = JsonDocument.Parse($"[{number}]").RootElement,
        };

        var refused = Refusal(Simple, conversation);
        Assert.Equal((true, "tools"), (refused.IsRefusal, refused.Param));
        Assert.Equal("[assistant]Hi[assistant]", Render(Inline(Simple), conversation with { Tools = null }));
    }

    private static PromptException Refusal(string template, Conversation conversation) =>
        Assert.Throws<PromptException>(() => Render(Inline(template), conversation));

    private static Dictionary<string, JsonElement> Members(string json) =>
        JsonDocument.Parse(json).RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
}
