using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Tests.Fixtures;
using Microsoft.Playwright;

namespace AiRouter.Tests.Browser;

/// <summary>The pages of backends, as somebody uses them.</summary>
[Collection(BrowserTests.Name)]
public sealed class BackendsPageTests(BackendsStage stage, Browser browser) : IClassFixture<BackendsStage>
{
    private const string Secret = "sk-upstream-of-the-browser-tests";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Triton_is_added_tried_out_and_its_models_are_given_to_clients_unloaded_and_loaded()
    {
        await stage.Admin.PutAsync("models: {}");
        var page = await stage.Admin.SignInAsync(browser, "/backends");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add the first backend" }).WaitForAsync();
        await page.InspectAsync("backends-empty");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add the first backend" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("gpu-1");
        await page.GetByLabel("Address", new() { Exact = true }).FillAsync(stage.Triton.Address.ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Test connection" }).ClickAsync();
        await page.GetByText("Well", new() { Exact = true }).WaitForAsync();
        await page.GetByText("Add the backend first").WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Add backend" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add to AiRouter ensemble" }).ClickAsync();
        await page.GetByLabel("Public name of ensemble").FillAsync("llama-3.1-8b");
        await page.GetByLabel("Prompt format").SelectOptionAsync("llama3");
        await page.InspectAsync("backend-import");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add model", Exact = true }).ClickAsync();
        await page.GetByText("as llama-3.1-8b", new() { Exact = true }).WaitForAsync();
        var model = await ReadAsync("models/llama-3.1-8b");
        Assert.Equal(("llama3", "gpu-1", "ensemble"), (
            (string?)model["promptFormat"], (string?)model["targets"]![0]!["backend"], (string?)model["targets"]![0]!["model"]));

        await page.GetByText("as TensorRT-LLM's ensemble and BLS model do").First.WaitForAsync();
        await page.GetByText("Inputs, outputs and what follows of ensemble").ClickAsync();
        await page.GetByRole(AriaRole.Rowheader, new() { Name = "text_input" }).First.WaitForAsync();
        await page.GetByText("unable to create TensorRT engine: out of memory").WaitForAsync();
        await page.InspectAsync("backend-triton");

        await page.GetByRole(AriaRole.Button, new() { Name = "Unload bge", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Unload", Exact = true }).ClickAsync();

        // In whole: "Load bge" is a part of "Unload bge", which is there until the model is unloaded.
        await page.GetByRole(AriaRole.Button, new() { Name = "Load bge", Exact = true }).ClickAsync();
        Assert.Contains("repository.unload", (await ReadAsync("audit")).ToJsonString(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Load", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Unload bge", Exact = true }).WaitForAsync();

        await page.SetViewportSizeAsync(360, 800);
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 360, "The page is wider than 360 pixels.");
        await page.ShootAsync("backend-triton-360");
        await page.SetViewportSizeAsync(1280, 800);
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await page.GetByText("cannot be removed while it is used").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "All backends" }).ClickAsync();
        await page.GetByRole(AriaRole.Rowheader, new() { Name = "gpu-1" }).WaitForAsync();
        await page.InspectAsync("backends");
    }

    [Fact]
    public async Task OpenAi_backend_with_a_mistake_in_its_address_is_mended_with_a_click_and_its_models_are_added()
    {
        var list = new JsonObject
        {
            ["data"] = new JsonArray([.. Enumerable.Range(0, 1500).Select(static i => (JsonNode)new JsonObject { ["id"] = $"model-{i:0000}" })]),
        }.ToJsonString();
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.Request switch
        {
            var r when r.Header("Authorization") != $"Bearer {Secret}" => call.JsonAsync("{}", 401),
            { Target: "/v1/models" } => call.JsonAsync(list),
            _ => call.JsonAsync("{}", 404),
        });
        await stage.Admin.PutAsync("models: {}");
        var page = await stage.Admin.SignInAsync(browser, "/backends/edit");
        await page.GetByLabel("OpenAI-compatible").CheckAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("up");
        await page.GetByLabel("Address", new() { Exact = true }).FillAsync(upstream.Url.GetLeftPart(UriPartial.Authority));
        await page.GetByLabel("Credential", new() { Exact = true }).SelectOptionAsync("Given");
        await page.GetByLabel("API key", new() { Exact = true }).FillAsync(Secret);
        await page.GetByRole(AriaRole.Button, new() { Name = "Test connection" }).ClickAsync();
        await page.GetByText("There are no models at").WaitForAsync();
        await page.InspectAsync("backend-mistake");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Use {upstream.Url}" }).ClickAsync();
        await page.GetByText("It lists 1500 models.").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add backend" }).ClickAsync();

        await page.GetByRole(AriaRole.Heading, new() { Name = "up", Exact = true }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Choose all" }).WaitForAsync();
        await page.GetByLabel("Search").FillAsync("model-12");
        await page.GetByRole(AriaRole.Button, new() { Name = "Choose these" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add 100 models" }).ClickAsync();
        await page.GetByLabel("Put in front of each name").FillAsync("up/");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Add 100 models" }).ClickAsync();
        await page.GetByText("as up/model-1200", new() { Exact = true }).WaitForAsync();
        await page.InspectAsync("backend-openai");
        Assert.Equal(100, (await ReadAsync("models"))["items"]!.AsArray().Count);

        Assert.DoesNotContain(Secret, await page.ContentAsync(), StringComparison.Ordinal);
        await page.GetByLabel("Address", new() { Exact = true }).FillAsync("https://elsewhere.example/v1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await page.GetByText("It is not sent to another host").WaitForAsync();
        await page.GetByText("dropped when the host changes").First.WaitForAsync();
        await page.InspectAsync("backend-moved");
    }

    [Fact]
    public async Task Change_of_somebody_else_is_shown_and_both_are_kept()
    {
        await stage.Admin.PutAsync("backends: { b: { url: http://127.0.0.1:9/v1, headers: { x-team: blue } } }\nmodels: {}");
        var page = await stage.Admin.SignInAsync(browser, "/backends/edit?name=b");
        await page.GetByText("Deadlines").ClickAsync();
        await page.GetByLabel("Connect (s)").FillAsync("7");
        await page.GetByLabel("First byte (s)").FillAsync("soon");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await page.GetByText("Must be a number, such as 2.5.").WaitForAsync();
        await page.GetByLabel("First byte (s)").FillAsync("90");
        await PutAsync("backends/b", """{"url":"http://127.0.0.1:9/v1","headers":{"x-team":"blue"},"maxRequestsPerReplica":64}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();

        await page.GetByText("was changed by").WaitForAsync();
        await page.InspectAsync("backend-conflict");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save both changes" }).ClickAsync();
        await page.GetByRole(AriaRole.Rowheader, new() { Name = "b" }).WaitForAsync();

        var saved = await ReadAsync("backends/b");
        Assert.Equal((7, 90, 64, "set"), (
            (int?)saved["timeouts"]!["connect"], (int?)saved["timeouts"]!["firstByte"], (int?)saved["maxRequestsPerReplica"],
            (string?)saved["headers"]!["x-team"]));
    }

    [Fact]
    public async Task Change_of_somebody_else_is_not_lost_when_models_were_imported_in_between()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync("""{"data":[{"id":"small"}]}"""));
        await stage.Admin.PutAsync($"backends: {{ b: {{ url: \"{upstream.Url}\" }} }}\nmodels: {{}}");
        var page = await stage.Admin.SignInAsync(browser, "/backends/edit?name=b&test=true");
        await page.GetByRole(AriaRole.Button, new() { Name = "Choose all" }).ClickAsync();
        await page.GetByText("Deadlines").ClickAsync();
        await page.GetByLabel("Connect (s)").FillAsync("7");
        await PutAsync("backends/b", $$"""{"url":"{{upstream.Url}}","maxRequestsPerReplica":64}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add 1 model" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Add model" }).ClickAsync();
        await page.GetByText("Clients can ask for small now").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();

        await page.GetByText("was changed by").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save both changes" }).ClickAsync();
        await page.GetByRole(AriaRole.Rowheader, new() { Name = "b" }).WaitForAsync();

        var saved = await ReadAsync("backends/b");
        Assert.Equal((7, 64), ((int?)saved["timeouts"]!["connect"], (int?)saved["maxRequestsPerReplica"]));
    }

    [Fact]
    public async Task Editors_do_not_try_backends_out_and_viewers_change_nothing()
    {
        await stage.Admin.PutAsync("backends: { b: { url: http://127.0.0.1:9/v1 } }\nmodels: {}");
        var editor = await stage.Admin.SignInAsync(browser, "/backends/edit?name=b&test=true", await stage.Admin.CreateAdminAsync("editor"));
        await editor.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).WaitForAsync();
        Assert.Equal(0, await editor.GetByText("Connection test").CountAsync());

        var viewer = await stage.Admin.SignInAsync(browser, "/backends/edit?name=b", await stage.Admin.CreateAdminAsync("viewer"));
        await viewer.GetByText("Your role is viewer").WaitForAsync();
        await Assertions.Expect(viewer.GetByLabel("Address", new() { Exact = true })).ToBeDisabledAsync();
        Assert.Equal(0, await viewer.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).CountAsync());
        await viewer.InspectAsync("backend-viewer");
    }

    private async Task<JsonNode> ReadAsync(string path) =>
        JsonNode.Parse(await stage.Admin.Management.GetStringAsync(path, Cancelled))!;

    private async Task PutAsync(string path, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path);
        request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var answer = await stage.Admin.Management.SendAsync(request, Cancelled);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }
}
