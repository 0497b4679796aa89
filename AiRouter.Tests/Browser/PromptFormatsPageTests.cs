using AiRouter.Tests.Fixtures;
using Microsoft.Playwright;

namespace AiRouter.Tests.Browser;

/// <summary>The page of prompt formats: the list, a format and its template, a pasted template, and what is wrong with it.</summary>
[Collection(BrowserTests.Name)]
public sealed class PromptFormatsPageTests(StoreServers servers, Browser browser)
{
    private const string Configuration =
        """
        backends: { gpu: { kind: triton, url: "http://127.0.0.1:9" } }
        models:
          team/llama: { promptFormat: llama3, prompt: { system: "You are Ada.", bosMode: backend }, targets: [ { backend: gpu } ] }
        """;

    private const string Refusing = "{{ bos_token }}{% for m in messages %}\n<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}\n{% if messages|length > 2 %}{{ raise_exception('At most two messages.') }}{% endif %}";

    [Fact]
    public async Task Formats_are_shown_and_tried_out_by_whoever_may_look()
    {
        await using var stage = await AdminStage.StartAsync(servers, Configuration);
        var page = await stage.SignInAsync(browser, "/prompt-formats", await stage.CreateAdminAsync("viewer"));

        // The one that a model uses comes first, with its prompt.
        var prompt = page.Locator("pre.prompt");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "llama3", Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(prompt).ToContainTextAsync("<|begin_of_text|><|start_header_id|>system");
        await Assertions.Expect(prompt.Locator("mark").First).ToHaveTextAsync("<|begin_of_text|>");
        await Assertions.Expect(page.GetByLabel("The template of llama3, default")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("start_header_id"));
        await page.InspectAsync("prompt-formats");

        // Every change is seen: messages, tools, the settings of a model.
        await page.GetByLabel("Content of message 2").FillAsync("Bonjour !");
        await Assertions.Expect(prompt).ToContainTextAsync("Bonjour !");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a tool" }).ClickAsync();
        await Assertions.Expect(prompt).ToContainTextAsync("get_weather");
        await page.GetByLabel("As", new() { Exact = true }).SelectOptionAsync("team/llama");
        await Assertions.Expect(prompt).Not.ToContainTextAsync("<|begin_of_text|>");
        await Assertions.Expect(page.GetByText("The backend puts <|begin_of_text|> before this prompt.")).ToBeVisibleAsync();

        // Another format keeps the conversation.
        await page.GetByLabel("Find").FillAsync("qwen3");
        await page.GetByRole(AriaRole.Link, new() { Name = "qwen3 Qwen3" }).First.ClickAsync();
        await Assertions.Expect(prompt).ToContainTextAsync("<|im_start|>user\nBonjour !");
        await Assertions.Expect(prompt).Not.ToContainTextAsync("</think>");
        await page.GetByLabel("Thinking").SelectOptionAsync("off");
        await Assertions.Expect(prompt).ToContainTextAsync("</think>");
    }

    [Fact]
    public async Task Pasted_template_is_rendered_as_it_is_typed_and_its_errors_lead_to_their_place()
    {
        await using var stage = await AdminStage.StartAsync(servers);
        var page = await stage.SignInAsync(browser, "/prompt-formats?paste=true", width: 360);
        var prompt = page.Locator("pre.prompt");
        var template = page.GetByLabel("Chat template");

        await template.FillAsync(Refusing);
        await page.GetByLabel("First token", new() { Exact = true }).FillAsync("<s>");
        await Assertions.Expect(prompt).ToContainTextAsync("<s><|im_start|>system");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a message" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The template refuses this conversation")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("At most two messages.")).ToBeVisibleAsync();
        await page.InspectAsync("prompt-formats-refused");
        await page.GetByRole(AriaRole.Button, new() { Name = "line 5, column 47" }).ClickAsync();
        await Assertions.Expect(template).ToBeFocusedAsync();
        Assert.Equal(Refusing.IndexOf("('At most", StringComparison.Ordinal), await template.EvaluateAsync<int>("a => a.selectionStart"));

        // A template that never ends is ended, and the page goes on.
        await template.FillAsync("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "line 1, column 31" })).ToBeVisibleAsync();
        await template.FillAsync("{% for m in messages %}[{{ m.content }}]{% endfor %}");
        await Assertions.Expect(prompt).ToContainTextAsync("[You are a helpful assistant.]");

        // Nothing is wider than the window.
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
        await page.InspectAsync("prompt-formats-pasted-360");
    }
}
