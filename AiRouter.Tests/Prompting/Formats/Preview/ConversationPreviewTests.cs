using System.Text.Json;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Formats;
using AiRouter.Prompting.Formats.Preview;
using AiRouter.Prompting.Jinja;

namespace AiRouter.Tests.Prompting.Formats.Preview;

/// <summary>A preview is the prompt that a router would make, or tells why there is none.</summary>
public sealed class ConversationPreviewTests : IDisposable
{
    private const string ChatMl =
        "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}" +
        "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private static readonly string[] Shipped = [Path.Combine(AppContext.BaseDirectory, "prompt-formats")];

    private readonly FormatFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama3")]
    [InlineData("qwen3")]
    [InlineData("gemma")]
    [InlineData("mistral")]
    [InlineData("plain")]
    public void Preview_is_the_prompt_that_a_router_makes(string name)
    {
        var conversation = Read("""{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Grüße 🙂"}]}""");
        var load = new AssetLoad(Shipped);
        var format = PromptFormats.Load(name, new PromptConfig(), load)!;

        var preview = ConversationPreview.Render(new PreviewInput { Format = name, Conversation = conversation }, load, JinjaOptions.Default);

        Assert.Null(preview.Failure);
        Assert.Equal(FormatFolder.Render(format, conversation), preview.Text);
        Assert.Equal(preview.Text, string.Concat(preview.Segments.Select(s => s.Text)));
        Assert.Equal(format.Traits.Names.Order(), preview.Traits!.Names.Order());
    }

    [Fact]
    public void Special_tokens_are_segments_of_their_own()
    {
        var preview = Render(ChatMl, """{"messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Equal(
            [("<|im_start|>", true), ("user\nHi", false), ("<|im_end|>", true), ("\n", false), ("<|im_start|>", true), ("assistant\n", false)],
            preview.Segments.Select(s => (s.Text, s.IsToken)));
        Assert.Empty(preview.Notes);
    }

    [Fact]
    public void Segments_are_bounded_and_lose_nothing()
    {
        var preview = Render("{% for i in range(9000) %}<|x|>y{% endfor %}{{ messages[0].content }}", """{"messages":[{"role":"user","content":"Hi"}]}""");

        Assert.InRange(preview.Segments.Count, 1000, ConversationPreview.MostSegments);
        Assert.Equal(preview.Text, string.Concat(preview.Segments.Select(s => s.Text)));
    }

    [Fact]
    public void Bos_and_settings_are_those_of_the_model()
    {
        var prompt = new PromptConfig { Bos = "<s>", System = "Be kind." };
        const string template = "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}";
        const string request = """{"messages":[{"role":"user","content":"Hi"}]}""";

        Assert.Equal("<s>[system]Be kind.[user]Hi", Render(template, request, prompt).Text);
        var without = Render(template, request, prompt, backendAddsBos: true);
        Assert.Equal("[system]Be kind.[user]Hi", without.Text);
        Assert.Equal(["The backend puts <s> before this prompt."], without.Notes);
        Assert.Contains("begins with <s> twice", Assert.Single(Render("<s>" + template, request, prompt).Notes), StringComparison.Ordinal);
        Assert.Contains("does not begin with <s>", Assert.Single(Render(ChatMl, request, prompt).Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_template_does_not_read_is_told()
    {
        var preview = Render(ChatMl, """
            {"messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"f"}}],
             "chat_template_kwargs":{"enable_thinking":false}}
            """);

        Assert.Collection(
            preview.Notes,
            note => Assert.Contains("does not show tools", note, StringComparison.Ordinal),
            note => Assert.Contains("enable_thinking", note, StringComparison.Ordinal));
    }

    [Fact]
    public void Special_tokens_in_messages_are_told_unless_they_are_made_harmless()
    {
        const string request = """{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"a<|im_end|>b"}]}""";

        Assert.StartsWith("messages[1] contains a special token", Assert.Single(Render(ChatMl, request).Notes), StringComparison.Ordinal);
        var broken = Render(ChatMl, request, new PromptConfig { NeutralizeSpecialTokens = true });
        Assert.Empty(broken.Notes);
        Assert.Contains("a< |im_end|>b", broken.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\n{{ b", JinjaErrorKind.Syntax, 2, 5)]
    [InlineData("a\n{% for m in messages %}{{ m.content + 1 }}{% endfor %}", JinjaErrorKind.Runtime, 2, 37)]
    [InlineData("{{ messages[0].content }}\n{{ raise_exception('No.') if messages|length > 1 }}", JinjaErrorKind.Refused, 2, 19)]
    [InlineData("{{ messages[0].content }}\n{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", JinjaErrorKind.Limit, 2, 31)]
    public void What_is_wrong_has_line_and_column(string template, JinjaErrorKind kind, int line, int column)
    {
        var preview = Render(template, """{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hi"}]}""");

        Assert.Equal((kind, line, column), (preview.Problem!.Kind, preview.Problem.Line, preview.Problem.Column));
        Assert.NotEmpty(preview.Failure!);
        Assert.Empty(preview.Text);
    }

    [Fact]
    public void Refusal_without_a_place_is_told()
    {
        var preview = Render(ChatMl, """{"messages":[{"role":"user","content":"Hi"}],"continue_final_message":true}""");

        Assert.Contains("the last message must be the assistant's", preview.Failure, StringComparison.Ordinal);
        Assert.Null(preview.Problem);
    }

    [Fact]
    public void Pasted_template_reads_no_file()
    {
        var path = _folder.Write("secret.jinja", "{{ messages[0].content }} secret");
        var input = new PreviewInput { Format = path, IsTemplate = true, Conversation = Read("""{"messages":[{"role":"user","content":"Hi"}]}""") };

        Assert.Equal(path, ConversationPreview.Render(input, new AssetLoad([_folder.Path]), JinjaOptions.Default).Text);
    }

    [Fact]
    public void Broken_file_of_a_folder_has_its_place()
    {
        _folder.Write("bad.jinja", "x\n{% if %}");
        var input = new PreviewInput { Format = "bad", Conversation = Read("""{"messages":[{"role":"user","content":"Hi"}]}""") };

        var preview = ConversationPreview.Render(input, new AssetLoad([_folder.Path]), JinjaOptions.Default);

        Assert.Equal(2, preview.Problem!.Line);
        Assert.EndsWith("bad.jinja", preview.Problem.Template, StringComparison.Ordinal);
    }

    [Fact]
    public void Deadline_ends_a_template_that_does_not()
    {
        using var over = new CancellationTokenSource();
        over.Cancel();
        var options = new JinjaOptions { Deadline = over.Token, Limits = new JinjaLimits { Steps = long.MaxValue } };

        var preview = ConversationPreview.Render(
            new PreviewInput
            {
                Format = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                IsTemplate = true,
                Conversation = Read("""{"messages":[{"role":"user","content":"Hi"}]}"""),
            },
            new AssetLoad([]),
            options);

        Assert.Equal(JinjaErrorKind.Limit, preview.Problem!.Kind);
        Assert.Contains("it takes too long", preview.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deadline_comes_while_a_template_runs()
    {
        using var over = new CancellationTokenSource();
        var options = new JinjaOptions { Deadline = over.Token, Limits = new JinjaLimits { Steps = long.MaxValue } };
        var template = JinjaTemplate.Parse("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "t");

        // Ten thousand million turns: it ends because it is told to.
        var run = Task.Run(
            () => Assert.Throws<JinjaException>(() => template.Render(new(), new System.Buffers.ArrayBufferWriter<byte>(), options)),
            TestContext.Current.CancellationToken);
        await over.CancelAsync();

        Assert.Equal(JinjaErrorKind.Limit, (await run.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).Kind);
    }

    private static Conversation Read(string json) => ConversationJson.Read(JsonDocument.Parse(json).RootElement, out _)!;

    private static PreviewedPrompt Render(string template, string request, PromptConfig? prompt = null, bool backendAddsBos = false) =>
        ConversationPreview.Render(
            new PreviewInput
            {
                Format = template,
                IsTemplate = true,
                Prompt = prompt ?? new PromptConfig(),
                Conversation = Read(request) with { BackendAddsBos = backendAddsBos },
            },
            new AssetLoad([]),
            JinjaOptions.Default with { Limits = new JinjaLimits { Steps = 1_000_000 } });
}
