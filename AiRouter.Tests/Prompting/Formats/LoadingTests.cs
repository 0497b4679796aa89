using AiRouter.Core.Configuration;
using AiRouter.Prompting.Formats;
using AiRouter.Prompting.Formats.Loading;
using AiRouter.Prompting.Outputs;
using static AiRouter.Tests.Prompting.Formats.FormatFolder;

namespace AiRouter.Tests.Prompting.Formats;

public sealed class LoadingTests : IDisposable
{
    private const string Template = "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}";

    private static readonly ChatMessage Question = new(ChatRole.User, "Hi");

    private readonly FormatFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Name_is_found_in_the_manifest_with_its_tokens_and_traits()
    {
        _folder.Write("other.jinja", Template + "{{ tools }}");
        _folder.Write(
            "manifest.json",
            """
            { "formats": [ { "name": "mine", "file": "other.jinja", "bos": "<s>", "eos": "</s>", "endTokens": ["<|end|>"],
              "toolCalls": "hermes", "reasoning": "think", "models": "…", "verified": true, "source": "…" } ] }
            """);
        var format = _folder.Load("mine");

        Assert.Equal("<s>Hi</s>None", Render(format, Question));
        Assert.Equal("mine", format.Name);
        Assert.Equal(("hermes", "think"), (format.Traits.ToolCalls, format.Traits.Reasoning));
        Assert.Equal(["<|end|>"], format.Traits.EndTokens);
        Assert.True(format.Traits.TakesTools);
    }

    [Theory]
    [InlineData("mine", "mine.jinja", "{{ messages[0].content }}")]
    [InlineData("mine", "mine.scriban", "{{ messages[0].content }}")]
    [InlineData("sub/mine.jinja", "sub/mine.jinja", "{{ messages[0].content }}")]
    [InlineData("mine.scriban", "mine.scriban", "{{ for m in messages }}{{ m.content }}{{ end }}")]
    [InlineData("tokenizer_config.json", "tokenizer_config.json", """{"chat_template":"{{ messages[0].content }}"}""")]
    [InlineData("chat_template.json", "chat_template.json", """{"chat_template":"{{ messages[0].content }}"}""")]
    public void Name_or_file_is_found(string promptFormat, string file, string content)
    {
        _folder.Write(file, content);

        Assert.Equal("Hi", Render(_folder.Load(promptFormat), Question));
        Assert.Equal("Hi", Render(_folder.Load(Path.Combine(_folder.Path, file)), Question));
    }

    [Theory]
    [InlineData("""{"chat_template":"T","bos_token":"<s>","eos_token":"</s>"}""")]
    [InlineData("""{"chat_template":"T","bos_token":{"content":"<s>","special":true},"eos_token":{"content":"</s>"}}""")]
    [InlineData("""{"chat_template":[{"name":"default","template":"T"}],"bos_token":"<s>","eos_token":"</s>"}""")]
    public void Tokenizer_config_has_template_and_tokens_in_every_form(string content)
    {
        _folder.Write("tokenizer_config.json", content.Replace("\"T\"", $"\"{Template}\"", StringComparison.Ordinal));
        var format = _folder.Load("tokenizer_config.json");

        Assert.Equal("<s>Hi</s>", Render(format, Question));
        Assert.Contains("</s>", format.Traits.EndTokens);
        Assert.Equal("[Hi]", Render(_folder.Load("tokenizer_config.json", new PromptConfig { Bos = "[", Eos = "]" }), Question));
    }

    [Theory]
    [InlineData("chat_template.jinja", Template)]
    [InlineData("chat_template.json", $$"""{"chat_template":"{{Template}}"}""")]
    public void Template_beside_the_tokenizer_config_is_its(string file, string content)
    {
        _folder.Write("m/tokenizer_config.json", """{"bos_token":"<s>","eos_token":"</s>"}""");
        _folder.Write($"m/{file}", content);

        Assert.Equal("<s>Hi</s>", Render(_folder.Load("m/tokenizer_config.json"), Question));
        Assert.Equal("<s>Hi</s>", Render(_folder.Load($"m/{file}"), Question));
    }

    [Fact]
    public void Named_templates_are_for_tools_documents_and_everything_else()
    {
        _folder.Write("tokenizer_config.json", """
            {"chat_template":[{"name":"default","template":"D{{ messages[0].content }}"},
             {"name":"tool_use","template":"T{{ tools | length }}"},{"name":"rag","template":"R{{ documents | length }}"}]}
            """);
        var format = _folder.Load("tokenizer_config.json");
        var conversation = new Conversation { Messages = [Question] };
        var list = System.Text.Json.JsonDocument.Parse("[1,2]").RootElement;

        Assert.Equal("DHi", Render(format, conversation));
        Assert.Equal("T2", Render(format, conversation with { Tools = list, Documents = list }));
        Assert.Equal("R2", Render(format, conversation with { Documents = list }));
        Assert.True(format.Traits.TakesTools);
    }

    [Theory]
    [InlineData("mine", "mine.jinja", "{% if %}", "mine.jinja, line 1, column")]
    [InlineData("mine.scriban", "mine.scriban", "{{ if }}", "mine.scriban, line 1, column")]
    [InlineData("mine.jinja", "mine.jinja", "x\n{{ messages[0].content + 1 }}", "mine.jinja, line 2, column")]
    [InlineData("t.json", "t.json", "{ \"a\": }", "t.json, line 1: this is not JSON")]
    [InlineData("t.json", "t.json", "[]", "t.json: this is no tokenizer_config.json")]
    [InlineData("t.json", "t.json", "{}", "t.json: there is no chat_template in it, and no chat_template.jinja beside it")]
    [InlineData("t.json", "t.json", """{"chat_template":[{"name":"rag","template":""}]}""", "there is no template called \"default\" among them (rag)")]
    [InlineData("t.json", "t.json", """{"chat_template":"{% for %}"}""", "t.json (chat_template), line 1, column")]
    [InlineData("mine", "manifest.json", """{ "formats": [ { "name": "mine", "file": "gone.jinja" } ] }""", "there is no file ")]
    [InlineData("mine", "manifest.json", """{ "formats": [ { "name": "mine", "file": "x", "toolCalls": "hermse" } ] }""", "there is no way to read tool calls called \"hermse\" (did you mean \"hermes\"?)")]
    [InlineData("mine", "manifest.json", "{ \"formats\": 1 }", "manifest.json, line 1: this is no manifest")]
    [InlineData("mine", "manifest.json", "{ \"formats\": null }", "manifest.json, line 1: this is no manifest")]
    [InlineData("mine", "manifest.json", "{ \"formats\": [ null ] }", "manifest.json: this is no manifest")]
    [InlineData("mine", "manifest.json", "null", "manifest.json: this is no manifest")]
    [InlineData("mine", "manifest.json", "{ \"formats\": [ { \"name\": \"mine\" } ] }", "manifest.json, line 1: this is no manifest")]
    [InlineData("gone.jinja", "x", "", "there is no file gone.jinja in ")]
    [InlineData("a/b", "x", "", "a file that is a prompt format ends in .jinja, .scriban or .json, not so \"a/b\"")]
    [InlineData("mina", "mine.jinja", "", "there is no prompt format \"mina\" (did you mean \"mine\"?)")]
    [InlineData("", "x", "", "must not be empty")]
    [InlineData("{{ messages[0] ", "x", "", "template, line 1, column")]
    public void Missing_or_broken_format_is_told_with_its_path(string promptFormat, string file, string content, string problem)
    {
        _folder.Write(file, content);

        Assert.Contains(problem, _folder.Problem(promptFormat).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ prompt")]
    [InlineData("promt")]
    public void Wrong_completions_template_is_told_under_its_key(string completions) =>
        Assert.Equal("completions", _folder.Problem("plain", new PromptConfig { Completions = completions }).Key);

    [Fact]
    public void R6_files_outside_the_folder_are_refused_also_through_links()
    {
        using var outside = new FormatFolder();
        var secret = outside.Write("secret.jinja", "{{ messages[0].content }}");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "link.jinja"), secret);
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "linked"), outside.Path);

        foreach (var name in new[] { secret, "link.jinja", "link", "linked/secret.jinja", $"../{Path.GetFileName(outside.Path)}/secret.jinja" })
        {
            Assert.Contains("is not inside", _folder.Problem(name).Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void R6_links_inside_the_folder_are_followed()
    {
        _folder.Write("..data/mine.jinja", "{{ messages[0].content }}");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "mine.jinja"), "..data/mine.jinja");

        Assert.Equal("Hi", Render(_folder.Load("mine"), Question));
    }

    [Theory]
    [InlineData("<tool_call> <think>", "hermes", "think")]
    [InlineData("<|python_tag|>", "llama3", null)]
    [InlineData("<|channel|>", "harmony", "harmony")]
    [InlineData("<｜tool▁calls▁begin｜>", "deepseek-v3.1", null)]
    [InlineData("<tool_call><parameter=x>", "qwen3-coder", null)]
    [InlineData("[TOOL_CALLS][THINK]", "mistral", "mistral")]
    [InlineData("nothing", null, null)]
    public void Traits_are_read_from_the_template_where_no_manifest_tells(string marks, string? toolCalls, string? reasoning)
    {
        var format = Inline(marks + "{{ messages[0].content }}<|im_end|>");

        Assert.Equal((toolCalls, reasoning), (format.Traits.ToolCalls, format.Traits.Reasoning));
        Assert.Equal(["<|im_end|>"], format.Traits.EndTokens);
    }

    [Fact]
    public void What_templates_tell_are_parsers_that_there_are()
    {
        Assert.All(FormatSniffer.ToolCalls, mark => Assert.Contains(mark.Parser, OutputParsers.ToolCalls.Keys));
        Assert.All(FormatSniffer.Reasoning, mark => Assert.Contains(mark.Parser, OutputParsers.Reasoning.Keys));
    }
}
