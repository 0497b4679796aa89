using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Admin.Management.PromptFormats;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Management;

/// <summary>Prompt formats over the management API: the list, sources, and previews of text that nobody trusts.</summary>
public sealed class PromptFormatTests(StoreServers servers) : IDisposable
{
    private const string Question = """{"messages":[{"role":"user","content":"Hi"}]}""";
    private const string Runaway = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-formats-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task List_has_every_format_with_the_models_that_use_it()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "mine.jinja"), "{{ messages[0].content }}");
        File.WriteAllText(Path.Combine(_folder.FullName, "broken.jinja"), "\n{% if %}");
        await using var admin = await StartAsync();
        await ConfigureAsync(admin);

        var formats = (await admin.Http.ReadAsync("prompt-formats"))["items"]!.AsArray().ToDictionary(f => (string)f!["name"]!, f => f!);

        Assert.Equal(["b", "t"], formats["llama3"]["usedBy"]!.AsArray().Select(m => (string)m!));
        Assert.Equal(["a"], formats["mine"]["usedBy"]!.AsArray().Select(m => (string)m!));
        Assert.Equal(["d"], formats["plain"]["usedBy"]!.AsArray().Select(m => (string)m!));
        Assert.Empty(formats["qwen3"]["usedBy"]!.AsArray());
        Assert.Equal(2, (int)formats["broken"]["failure"]!["line"]!);
        Assert.True((bool)formats["llama3"]["takesTools"]!);
    }

    [Fact]
    public async Task Source_is_the_templates_text()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "mine.jinja"), "{{ messages[0].content }}");
        await using var admin = await StartAsync();

        var source = await admin.Http.ReadAsync("prompt-formats/source?name=mine");

        Assert.Equal("{{ messages[0].content }}", (string)source["templates"]![0]!["text"]!);
        Assert.Equal("default", (string)source["templates"]![0]!["name"]!);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("../secret.jinja")]
    [InlineData("{{ x }}")]
    [InlineData("/etc/passwd")]
    public async Task Only_formats_of_the_list_are_read(string name)
    {
        await using var admin = await StartAsync();

        await admin.Http.SendJsonAsync(HttpMethod.Get, $"prompt-formats/source?name={Uri.EscapeDataString(name)}").IsProblemAsync(404, "not-found");
        await admin.Http.SendJsonAsync(HttpMethod.Post, "prompt-formats/preview", Body(format: name)).IsProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Preview_shows_the_prompt_of_a_format_a_template_and_a_model()
    {
        await using var admin = await StartAsync();
        await ConfigureAsync(admin);

        var format = await PreviewAsync(admin.Http, Body(format: "chatml"));
        Assert.Equal("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", (string)format["prompt"]!);
        Assert.Equal("<|im_start|>", (string)format["segments"]![0]!["text"]!);
        Assert.True((bool)format["segments"]![0]!["isToken"]!);

        var template = await PreviewAsync(admin.Http, Body(template: "[{{ messages[0].content }}]"));
        Assert.Equal("[Hi]", (string)template["prompt"]!);

        var model = await PreviewAsync(admin.Http, Body(model: "t"));
        Assert.Contains("Be kind.", (string)model["prompt"]!, StringComparison.Ordinal);
        Assert.StartsWith("<|start_header_id|>", (string)model["prompt"]!, StringComparison.Ordinal);
        Assert.Contains("The backend puts <|begin_of_text|>", (string)model["notes"]![0]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x\n{{ raise_exception('No.') if messages|length > 1 }}", true, 2, 19, "No.")]
    [InlineData("x\n{{ messages[1].content }}", false, 2, 15, null)]
    [InlineData("x\n{% if %}", false, 2, 7, null)]
    [InlineData(Runaway, false, 1, 31, null)]
    public async Task What_is_wrong_has_line_and_column(string template, bool isRefusal, int line, int column, string? reason)
    {
        await using var admin = await StartAsync();

        var preview = await PreviewAsync(
            admin.Http,
            Body(template: template, request: """{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Ho"}]}"""));

        var failure = preview["failure"]!;
        Assert.Null(preview["prompt"]);
        Assert.Equal((isRefusal, line, column), ((bool)failure["isRefusal"]!, (int)failure["line"]!, (int)failure["column"]!));
        Assert.True(reason is null || reason == (string)failure["reason"]!);
    }

    [Theory]
    [InlineData("""{"request":{"messages":[{"role":"user","content":"Hi"}]}}""", "")]
    [InlineData("""{"format":"chatml","template":"x","request":{"messages":[{"role":"user","content":"Hi"}]}}""", "")]
    [InlineData("""{"format":"chatml"}""", "request")]
    [InlineData("""{"format":"chatml","request":{"messages":[{"role":"boss"}]}}""", "request")]
    [InlineData("""{"format":"chatml","request":[]}""", "request")]
    [InlineData("""{"format":"chatml","nonsense":1}""", "nonsense")]
    public async Task Wrong_requests_are_told_where(string json, string path)
    {
        await using var admin = await StartAsync();

        var problem = await admin.Http.SendJsonAsync(HttpMethod.Post, "prompt-formats/preview", json).IsProblemAsync(400, "invalid");

        Assert.Equal([path], problem.Paths());
    }

    [Fact]
    public async Task What_is_too_large_is_refused()
    {
        await using var admin = await StartAsync();
        var template = Body(template: new string('x', FormatPreview.MostTemplate + 1));
        var request = Body(format: "chatml", request: $$"""{"messages":[{"role":"user","content":"{{new string('x', FormatPreview.MostRequest)}}"}]}""");

        Assert.Equal(["template"], (await admin.Http.SendJsonAsync(HttpMethod.Post, "prompt-formats/preview", template).IsProblemAsync(400, "invalid")).Paths());
        Assert.Equal(["request"], (await admin.Http.SendJsonAsync(HttpMethod.Post, "prompt-formats/preview", request).IsProblemAsync(400, "invalid")).Paths());
    }

    [Fact]
    public async Task Viewers_preview_and_nobody_else()
    {
        await using var admin = await StartAsync();
        var viewer = await admin.WithRoleAsync("viewer");

        Assert.Equal("[Hi]", (string)(await PreviewAsync(viewer, Body(template: "[{{ messages[0].content }}]")))["prompt"]!);
        await admin.As(null).SendJsonAsync(HttpMethod.Post, "prompt-formats/preview", Body(format: "chatml")).IsProblemAsync(401, "unauthorized");
        await admin.As(null).SendJsonAsync(HttpMethod.Get, "prompt-formats").IsProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task Runaway_templates_of_many_viewers_leave_the_process_alone()
    {
        await using var admin = await StartAsync();
        string[] templates =
        [
            Runaway,
            "{% macro f() %}{% for i in range(9) %}{{ f() }}{% endfor %}{% endmacro %}{{ f() }}",
            "{% set ns = namespace(x='aaaaaaaaaa') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
            "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
            "{% for a in range(99999) %}{{ 'a' * 99999 }}{% endfor %}",
            new string('(', 50_000),
            "{{ " + new string('(', 90_000) + " }}",
            string.Concat(Enumerable.Repeat("{% if x %}", 9_000)),
            string.Concat(Enumerable.Repeat("{{ x[", 18_000)),
        ];

        var previews = await Task.WhenAll(templates.Select(t => PreviewAsync(admin.Http, Body(template: t))));

        Assert.All(previews.Take(5), p => Assert.NotNull(p["failure"]!["line"]));
        Assert.Equal("[Hi]", (string)(await PreviewAsync(admin.Http, Body(template: "[{{ messages[0].content }}]")))["prompt"]!);
    }

    private static string Body(string? format = null, string? template = null, string? model = null, string request = Question)
    {
        var body = new JsonObject { ["request"] = JsonNode.Parse(request) };
        foreach (var (name, value) in new[] { ("format", format), ("template", template), ("model", model) })
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }

        return body.ToJsonString(JsonSerializerOptions.Default);
    }

    private static async Task<JsonNode> PreviewAsync(HttpClient http, string body)
    {
        var answer = await http.SendJsonAsync(HttpMethod.Post, "prompt-formats/preview", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return await answer.JsonAsync();
    }

    private static async Task ConfigureAsync(RunningAdmin admin)
    {
        const string json =
            """
            {"backends":{"gpu":{"kind":"triton","url":"http://127.0.0.1:9"},"up":{"url":"http://127.0.0.1:9/v1"}},
             "models":{"t":{"promptFormat":"llama3","prompt":{"system":"Be kind.","bosMode":"backend"},"targets":[{"backend":"gpu"}]},
                       "a":{"promptFormat":"mine.jinja","targets":[{"backend":"gpu"}]},
                       "b":{"targets":[{"backend":"gpu","promptFormat":"llama3"}]},
                       "c":{"targets":[{"backend":"up"}]},
                       "d":{"targets":[{"backend":"gpu"}]}}}
            """;
        var answer = await admin.Http.SendJsonAsync(HttpMethod.Put, "config", json, "*");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private Task<RunningAdmin> StartAsync()
    {
        if (!File.Exists(Path.Combine(_folder.FullName, "mine.jinja")))
        {
            File.WriteAllText(Path.Combine(_folder.FullName, "mine.jinja"), "{{ messages[0].content }}");
        }

        return RunningAdmin.StartAsync(servers, ("AIROUTER_PROMPT_FORMATS", _folder.FullName));
    }
}
