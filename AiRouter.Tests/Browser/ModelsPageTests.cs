using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Tests.Fixtures;
using Microsoft.Playwright;

namespace AiRouter.Tests.Browser;

/// <summary>The pages of models, as somebody uses them.</summary>
[Collection(BrowserTests.Name)]
public sealed class ModelsPageTests(ModelsStage stage, StoreServers servers, Browser browser) : IClassFixture<ModelsStage>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Table_is_searched_and_sorted_and_the_box_explains_what_a_client_gets()
    {
        var page = await stage.Admin.SignInAsync(browser, "/models");
        await page.GetByRole(AriaRole.Link, new() { Name = "llama-3.1-8b" }).WaitForAsync();
        await page.InspectAsync("models");

        await page.GetByLabel("Search", new() { Exact = true }).FillAsync("bge");
        await Assertions.Expect(page.Locator("tbody a")).ToHaveTextAsync(["bge-large"]);
        await page.GetByLabel("Search", new() { Exact = true }).FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Name" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody a").First).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^o|^n|^m"));

        await AskAsync(page, "llama-3.1-8b");
        await page.GetByText("There is a model with the name llama-3.1-8b.").WaitForAsync();
        await page.GetByText("One of 2 targets is asked").WaitForAsync();
        await page.GetByText("75%", new() { Exact = true }).Or(page.GetByText("75 %", new() { Exact = true })).WaitForAsync();
        await page.InspectAsync("models-explained");
        await AskAsync(page, "lama-3.1-8");
        await page.GetByText("404 model_not_found").WaitForAsync();
        await page.GetByText("Did you mean llama-3.1-8b?").WaitForAsync();
        await page.InspectAsync("models-unknown");
    }

    [Fact]
    public async Task Model_is_made_a_mistake_is_told_at_its_field_and_it_is_saved_whole()
    {
        var page = await stage.Admin.SignInAsync(browser, "/models/edit");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("mistral");
        await page.GetByLabel("Backend", new() { Exact = true }).SelectOptionAsync("gpu-1");
        await page.GetByLabel("Model there").FillAsync("mistral_ensemble");
        await page.GetByLabel("Weight").FillAsync("many");
        await page.InspectAsync("model-new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add model" }).ClickAsync();

        await page.GetByText("Must be a whole number, not \"many\".").WaitForAsync();
        await Assertions.Expect(page.GetByLabel("Weight")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.InspectAsync("model-mistake");
        await page.GetByLabel("Weight").FillAsync("5");
        await page.GetByLabel("Format", new() { Exact = true }).FillAsync("llama33");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add model" }).ClickAsync();
        await page.GetByText("did you mean \"llama3\"").First.WaitForAsync();
        await page.GetByLabel("Format", new() { Exact = true }).FillAsync("llama3");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add model" }).ClickAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "mistral" }).WaitForAsync();
        var model = await ModelAsync("mistral");
        Assert.Equal("""{"targets":[{"backend":"gpu-1","model":"mistral_ensemble","weight":5}],"promptFormat":"llama3"}""", model.ToJsonString());
    }

    [Fact]
    public async Task Every_section_of_a_model_is_reached_and_an_edit_keeps_what_is_not_touched()
    {
        var before = await ModelAsync("llama-3.1-8b");
        var page = await stage.Admin.SignInAsync(browser, "/models/edit?name=llama-3.1-8b");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).WaitForAsync();
        foreach (var section in await page.Locator("details > summary").AllAsync())
        {
            await section.ClickAsync();
        }

        await page.InspectAsync("model-edit");
        await page.GetByLabel("Answer, at most").FillAsync("4096");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Models", Exact = true }).WaitForAsync();

        var expected = before.AsObject();
        expected["maxTokens"] = new JsonObject { ["max"] = 4096 };
        Assert.True(JsonNode.DeepEquals(expected, await ModelAsync("llama-3.1-8b")));
    }

    [Fact]
    public async Task Change_that_meets_another_is_shown_and_both_are_kept()
    {
        var page = await stage.Admin.SignInAsync(browser, "/models/edit?name=contended");
        await page.GetByLabel("Weight").FillAsync("2");
        await PutAsync("contended", """{"targets":[{"backend":"openai"}],"maxN":3}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await page.GetByRole(AriaRole.Dialog).WaitForAsync();
        await page.InspectAsync("model-conflict");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save both changes" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Models", Exact = true }).WaitForAsync();
        Assert.Equal("""{"targets":[{"backend":"openai","weight":2}],"maxN":3}""", (await ModelAsync("contended")).ToJsonString());
    }

    [Fact]
    public async Task Model_is_renamed_and_removed_with_what_names_it_told_before()
    {
        var page = await stage.Admin.SignInAsync(browser, "/models/edit?name=old-name");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await page.GetByText("cannot be removed while it is named elsewhere").WaitForAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("new-name");
        await page.GetByLabel("Name", new() { Exact = true }).PressAsync("Tab");
        await page.GetByText("defaults.rerank").Last.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "new-name", Exact = true }).WaitForAsync();
        using var defaults = await stage.Admin.Management.GetAsync("defaults", Cancelled);
        Assert.Contains("\"rerank\":\"new-name\"", await defaults.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        await page.GotoAsync("/models/edit?name=going");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await page.GetByText("Clients that ask for going get 404").WaitForAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Models", Exact = true }).WaitForAsync();
        using var gone = await stage.Admin.Management.GetAsync("models/going", Cancelled);
        Assert.Equal(404, (int)gone.StatusCode);
    }

    [Fact]
    public async Task Viewer_sees_and_changes_nothing()
    {
        var key = await stage.Admin.CreateAdminAsync("viewer", Guid.NewGuid().ToString("N"));
        var page = await stage.Admin.SignInAsync(browser, "/models/edit?name=gpt-*", key, width: 360);

        await page.GetByText("Your role is viewer").WaitForAsync();
        await Assertions.Expect(page.GetByLabel("Weight")).ToBeDisabledAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToHaveCountAsync(0);
        await page.InspectAsync("model-narrow");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        await page.GotoAsync("/models");
        await page.GetByRole(AriaRole.Link, new() { Name = "gpt-*" }).WaitForAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Add model" })).ToHaveCountAsync(0);
        await page.InspectAsync("models-narrow");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
    }

    [Fact]
    public async Task Thousand_models_are_listed_and_only_those_in_sight_are_on_the_page()
    {
        var models = string.Concat(Enumerable.Range(0, 1000).Select(static i => $"  model-{i:000}: {{ targets: [ {{ backend: up }} ] }}\n"));
        await using var crowded = await AdminStage.StartAsync(servers, $"backends: {{ up: {{ url: http://127.0.0.1:9/v1 }} }}\nmodels:\n{models}");
        var page = await crowded.SignInAsync(browser, "/models");

        await page.GetByText("1,000 models").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "model-005" }).WaitForAsync();
        Assert.InRange(await page.Locator("tbody a").CountAsync(), 5, 60);
        await page.GetByLabel("Search", new() { Exact = true }).FillAsync("model-777");
        await page.GetByText("1 of 1,000 models").WaitForAsync();
        await Assertions.Expect(page.Locator("tbody a")).ToHaveTextAsync(["model-777"]);
        await page.GetByLabel("Search", new() { Exact = true }).FillAsync("");
        await page.GetByText("1,000 models", new() { Exact = true }).WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "model-005" }).WaitForAsync();

        // A list that is being drawn may not see that it is scrolled: up and down again, as a person does.
        await Eventually.HoldsAsync(async () =>
        {
            await page.GetByRole(AriaRole.Region, new() { Name = "List of models" }).EvaluateAsync(
                "async list => { for (const to of [0, list.scrollHeight]) { " +
                "list.scrollTop = to; await new Promise(done => setTimeout(done, 250)); } }");
            return await page.GetByRole(AriaRole.Link, new() { Name = "model-999" }).IsVisibleAsync();
        });
    }

    private static async Task AskAsync(IPage page, string model)
    {
        await page.GetByLabel("Model", new() { Exact = true }).FillAsync(model);
        await page.GetByRole(AriaRole.Button, new() { Name = "Explain" }).ClickAsync();
    }

    private async Task<JsonNode> ModelAsync(string name)
    {
        using var answer = await stage.Admin.Management.GetAsync($"models/{Uri.EscapeDataString(name)}", Cancelled);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;
    }

    private async Task PutAsync(string name, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"models/{name}") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var answer = await stage.Admin.Management.SendAsync(request, Cancelled);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }
}
