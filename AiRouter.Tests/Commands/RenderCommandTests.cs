using System.Diagnostics;
using System.Text;
using AiRouter.Api.Commands;

namespace AiRouter.Tests.Commands;

public sealed class RenderCommandTests : IDisposable
{
    private const string Messages = """{"messages":[{"role":"user","content":"Grüße 🙂\n"}],"add_generation_prompt":true}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-render-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Prompt_comes_out_byte_for_byte_and_nothing_else()
    {
        var (code, output, error) = await RunAsync("{% for m in messages %}{{ m.content }}{% endfor %}\n", Messages);

        Assert.Equal((0, "Grüße 🙂\n", ""), (code, output, error));
    }

    [Fact]
    public async Task Every_member_is_a_variable_as_it_is()
    {
        var (code, output, _) = await RunAsync(
            "{{ bos_token }}|{{ tools[0].n }}|{{ messages[0].tool_calls[0].arguments }}|{{ x is none }}|" +
            "{{ add_generation_prompt is defined }}",
            """{"bos_token":"<s>","tools":[{"n":1.0}],"x":null,"messages":[{"tool_calls":[{"arguments":"{\"a\":1}"}]}]}""");

        Assert.Equal((0, "<s>|1.0|{\"a\":1}|True|False"), (code, output));
    }

    [Fact]
    public async Task Now_is_what_it_is_told()
    {
        var (code, output, _) = await RunAsync(
            "{{ strftime_now('%d %b %Y %H:%M') }}", "{}", "--now", "2026-01-15T12:00:00");

        Assert.Equal((0, "15 Jan 2026 12:00"), (code, output));
    }

    [Fact]
    public async Task Tokenizer_config_gives_tokens_and_the_template_for_tools()
    {
        const string config = """
            {"bos_token":"<s>","eos_token":{"content":"</s>"},"chat_template":[
             {"name":"default","template":"{{ bos_token }}D{{ eos_token }}"},{"name":"tool_use","template":"{{ bos_token }}T"}]}
            """;
        var plain = await RunAsync(config, """{"messages":[]}""", name: "tokenizer_config.json");
        var tools = await RunAsync(config, """{"messages":[],"tools":[],"bos_token":"!"}""", name: "tokenizer_config.json");

        Assert.Equal("<s>D</s>", plain.Output);
        Assert.Equal("!T", tools.Output);
    }

    [Theory]
    [InlineData("chatml", "<|im_start|>user\nGrüße 🙂\n<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData("plain", "User: Grüße 🙂\n\nASSISTANT:")]
    public async Task Template_may_be_a_formats_name(string name, string expected)
    {
        File.WriteAllText(In("messages.json"), Messages);

        Assert.Equal((0, expected, ""), await RunAsync(["--template", name, "--messages", In("messages.json")]));
    }

    [Theory]
    [InlineData("{{ raise_exception('No.') }}", "{}", "airouter: {folder}/t.jinja, line 1, column 19: No.")]
    [InlineData("{% if %}", "{}", "airouter: {folder}/t.jinja, line 1, column")]
    [InlineData("\n{{ a.b.c }}", "{}", "airouter: {folder}/t.jinja, line 2, column")]
    [InlineData("x", "{\n]", "airouter: {folder}/messages.json, line 2: this is not JSON")]
    [InlineData("x", "[]", "airouter: {folder}/messages.json must hold an object")]
    public async Task What_goes_wrong_gives_1_and_is_told_on_standard_error(string template, string messages, string problem)
    {
        var (code, output, error) = await RunAsync(template, messages);

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith(problem.Replace("{folder}", _folder.FullName, StringComparison.Ordinal), error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("airouter: render needs --template and --messages")]
    [InlineData("airouter: there is no prompt format \"nonsense\"", "--template", "nonsense", "--messages", "x")]
    [InlineData("airouter: there is no file nonsense.jinja in ", "--template", "nonsense.jinja", "--messages", "x")]
    [InlineData(
        "airouter: --now needs a moment such as 2026-01-15T12:00:00, not 'soon'", "--template", "plain", "--messages", "x", "--now",
        "soon")]
    [InlineData("airouter: Could not find file", "--template", "plain", "--messages", "/nonexistent.json")]
    public async Task Wrong_options_give_1_and_one_sentence(string problem, params string[] options)
    {
        var (code, output, error) = await RunAsync(options);

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith(problem, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Process_writes_UTF_8_without_byte_order_mark_and_newline()
    {
        File.WriteAllText(In("t.jinja"), "{{ messages[0].content }}");
        File.WriteAllText(In("messages.json"), Messages);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[]
            {
                Path.Combine(AppContext.BaseDirectory, "AiRouter.Api.dll"), "render", "--template", In("t.jinja"), "--messages",
                In("messages.json"),
            })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output, TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, process.ExitCode);
        Assert.Equal("Grüße 🙂\n"u8.ToArray(), output.ToArray());
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private Task<(int Code, string Output, string Error)> RunAsync(
        string template, string messages, string option = "", string value = "", string name = "t.jinja")
    {
        File.WriteAllText(In(name), template);
        File.WriteAllText(In("messages.json"), messages);
        return RunAsync([
            "--template", In(name), "--messages", In("messages.json"), .. option.Length == 0 ? Array.Empty<string>() : [option, value]]);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] options)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var code = await CommandTable.RunAsync(["render", .. options], new CommandContext
        {
            Options = new Dictionary<string, string>(),
            Environment = new Dictionary<string, string>(),
            Input = TextReader.Null,
            Output = TextWriter.Null,
            RawOutput = output,
            Error = error,
        });
        return (code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
