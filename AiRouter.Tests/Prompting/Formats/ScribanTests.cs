using AiRouter.Prompting.Formats;
using AiRouter.Prompting.Jinja;
using static AiRouter.Tests.Prompting.Formats.FormatFolder;

namespace AiRouter.Tests.Prompting.Formats;

public sealed class ScribanTests : IDisposable
{
    private static readonly ChatMessage Question = new(ChatRole.User, "Hi");

    private readonly FormatFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Template_sees_the_same_variables()
    {
        var format = Load("""
            {{- bos_token }}{{ for m in messages }}[{{ m.role }}]{{ m.content }}{{ if m.tool_calls }}{{ m.tool_calls[0].function.name }}({{ m.tool_calls[0].function.arguments.a }}){{ end }}{{ end }}{{ if add_generation_prompt }}[assistant]{{ end -}}
            """);
        var call = new ChatMessage(ChatRole.Assistant, "") { ToolCalls = [new("c", "f", """{"a":7}""")] };

        Assert.Equal("[user]Hi[assistant]f(7)[assistant]", Render(format, Question, call));
    }

    [Fact]
    public void Long_prompts_are_not_cut()
    {
        var text = new string('x', 3 << 20);

        Assert.Equal(text + text, Render(Load("{{ for m in messages }}{{ m.content }}{{ end }}"), new(ChatRole.User, text), new(ChatRole.User, text)));
    }

    [Fact]
    public void Long_loops_are_errors_and_no_short_prompts()
    {
        var format = Load("{{ messages[0].content }}{{ if messages.size > 1 }}{{ for i in 1..3000000 }}x{{ end }}{{ end }}");

        var failed = Assert.Throws<PromptException>(() => Render(format, Question, Question));
        Assert.False(failed.IsRefusal);
        Assert.Contains("m.scriban, line 1, column", failed.Message, StringComparison.Ordinal);
        Assert.Equal(1, failed.Problem!.Line);
    }

    [Fact]
    public void Endless_recursion_is_an_error()
    {
        var format = Load("{{ messages[0].content }}{{ func f; f; end }}{{ if messages.size > 1 }}{{ f }}{{ end }}");

        Assert.False(Assert.Throws<PromptException>(() => Render(format, Question, Question)).IsRefusal);
    }

    [Fact]
    public void Template_can_refuse()
    {
        var format = Load("{{ messages[0].content }}\n{{ if messages.size > 1 }}{{ raise_exception 'One at a time!' }}{{ end }}");

        var refused = Assert.Throws<PromptException>(() => Render(format, Question, Question));
        Assert.Equal((true, "One at a time!"), (refused.IsRefusal, refused.Message));
        Assert.Equal((JinjaErrorKind.Refused, 2, 30), (refused.Problem!.Kind, refused.Problem.Line, refused.Problem.Column));
    }

    [Fact]
    public void Template_that_is_none_is_told_with_its_place()
    {
        _folder.Write("m.scriban", "x\n{{ if }}");

        Assert.Contains("m.scriban, line 2, column", _folder.Problem("m.scriban").Problem, StringComparison.Ordinal);
    }

    private IPromptFormat Load(string template)
    {
        _folder.Write("m.scriban", template);
        return _folder.Load("m.scriban");
    }
}
