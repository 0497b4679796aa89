using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiRouter.Tests.Fixtures;
using Microsoft.Playwright;

namespace AiRouter.Tests.Browser;

/// <summary>The document as text: check, diff, save, conflict, history, rollback, import, export, roles.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class ConfigurationPageTests(ConfigurationStage stage, StoreServers servers, Browser browser) : IClassFixture<ConfigurationStage>
{
    private const string First =
        """
        backends:
          gpu-1:
            kind: triton
            url: http://gpu-1:8001
          openai:
            url: https://api.openai.com/v1
            apiKey: sk-very-secret-1234
        models:
          llama:
            maxTokens:
              max: 4096
            targets:
            - backend: gpu-1
              model: ensemble
          gpt-*:
            targets:
            - backend: openai
        """;

    [Fact]
    public async Task Mistake_is_told_at_its_line_and_the_mended_document_is_compared_and_saved()
    {
        await stage.Admin.PutAsync(First);
        var page = await stage.Admin.SignInAsync(browser, "/configuration");
        var text = page.GetByLabel("The configuration as YAML");
        await Assertions.Expect(text).ToHaveValueAsync(new Regex("apiKey: set"));
        await page.InspectAsync("configuration");

        // A target that is not there: said with its place, and nothing can be saved.
        await ReplaceAsync(text, "backend: gpu-1", "backend: gpu-9");
        await page.GetByText("there is no backend \"gpu-9\"").WaitForAsync();
        await page.GetByText("1 problem", new() { Exact = true }).WaitForAsync();
        Assert.True(await page.GetByRole(AriaRole.Button, new() { Name = "Review and save …" }).IsDisabledAsync());
        await page.InspectAsync("configuration-problem");
        await page.GetByRole(AriaRole.Button, new() { Name = "Line 14, column 7" }).ClickAsync();
        await Eventually.HoldsAsync(async () =>
            await text.EvaluateAsync<string>("t => t.value.slice(t.selectionStart).split('\\n')[0]") == "backend: gpu-9");

        // A broken text has its place too.
        await ReplaceAsync(text, "backend: gpu-9", "backend: [gpu-9");
        await page.GetByText("this is not YAML").WaitForAsync();

        await ReplaceAsync(text, "backend: [gpu-9", "backend: gpu-1");
        await ReplaceAsync(text, "max: 4096", "max: 2048");
        await page.GetByText("Valid, 1 change").WaitForAsync();
        await page.Keyboard.PressAsync("Control+s");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByText("max: 2048").WaitForAsync();
        Assert.Equal(["max: 4096"], await dialog.Locator(".diff-removed code").AllTextContentsAsync().TrimmedAsync());
        await page.InspectAsync("configuration-save");
        await dialog.GetByLabel("Why?").FillAsync("shorter answers");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("Saved as version").WaitForAsync();

        var history = await stage.Admin.Management.GetStringAsync("config/history", TestContext.Current.CancellationToken);
        Assert.Contains("shorter answers", history, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-very", await page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_else_saved_meanwhile_is_shown_and_both_changes_are_kept()
    {
        await stage.Admin.PutAsync(First);
        var page = await stage.Admin.SignInAsync(browser, "/configuration");
        var text = page.GetByLabel("The configuration as YAML");
        await ReplaceAsync(text, "max: 4096", "max: 2048");
        await page.GetByText("Valid, 1 change").WaitForAsync();

        // Between the check and the save, then.
        await page.GetByRole(AriaRole.Button, new() { Name = "Review and save …" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByText("max: 2048").WaitForAsync();
        await stage.Admin.PutAsync(First.Replace("http://gpu-1:8001", "http://gpu-2:8001", StringComparison.Ordinal)
            .Replace("sk-very-secret-1234", "set", StringComparison.Ordinal));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await dialog.GetByRole(AriaRole.Heading, new() { Name = "What changed meanwhile" }).WaitForAsync();
        Assert.Equal(
            ["url: http://gpu-2:8001", "max: 2048"], await dialog.Locator(".diff-added code").AllTextContentsAsync().TrimmedAsync(2));
        await page.InspectAsync("configuration-conflict");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save both changes" }).ClickAsync();
        await page.GetByText("Saved as version").WaitForAsync();

        var now = await stage.Admin.Management.GetStringAsync("config", TestContext.Current.CancellationToken);
        Assert.Contains("http://gpu-2:8001", now, StringComparison.Ordinal);
        Assert.Contains("\"max\":2048", now, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_shows_who_changed_what_and_any_version_is_taken_back()
    {
        await stage.Admin.PutAsync(First);
        var first = await VersionAsync();
        await stage.Admin.PutAsync(First.Replace("4096", "1024", StringComparison.Ordinal).Replace("sk-very-secret-1234", "sk-another-5678", StringComparison.Ordinal));
        var page = await stage.Admin.SignInAsync(browser, "/configuration/history");

        await page.GetByRole(AriaRole.Button, new() { Name = $"Show changes of version {first + 1}", Exact = true }).ClickAsync();
        await page.GetByText("apiKey: \"set (changed)\"").WaitForAsync();
        await page.GetByText("4096 → 1024").WaitForAsync();
        await page.InspectAsync("configuration-history");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Roll back … to version {first}", Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByText("max: 4096").WaitForAsync();
        await page.InspectAsync("configuration-rollback");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Roll back", Exact = true }).ClickAsync();
        await page.GetByText($"Version {first} is back, as version {first + 2}.").WaitForAsync();
        await page.GetByText($"“back to version {first}”").WaitForAsync();

        Assert.DoesNotContain("sk-", await page.ContentAsync(), StringComparison.Ordinal);
        var now = await stage.Admin.Management.GetStringAsync("config", TestContext.Current.CancellationToken);
        Assert.Contains("\"max\":4096", now, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_is_imported_into_the_editor_and_the_document_exported_without_credentials()
    {
        await using var empty = await AdminStage.StartAsync(servers);
        var page = await empty.SignInAsync(browser, "/configuration");
        await page.GetByRole(AriaRole.Heading, new() { Name = "There is no configuration yet" }).WaitForAsync();
        await page.InspectAsync("configuration-empty");

        await page.GetByLabel("Import a YAML or JSON file").SetInputFilesAsync(new FilePayload
        {
            Name = "mine.json",
            MimeType = "application/json",
            Buffer = """{"backends":{"up":{"url":"http://up/v1","apiKey":"env:AIROUTER_SECRET_UP"}},"models":{"m":{"targets":[{"backend":"up"}]}}}"""u8.ToArray(),
        });
        await Assertions.Expect(page.GetByLabel("The configuration as YAML")).ToHaveValueAsync(EnvironmentYaml());
        await page.GetByRole(AriaRole.Button, new() { Name = "Review and save …" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await page.GetByText("Saved as version 1").WaitForAsync();

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Export YAML" }).ClickAsync());
        Assert.Equal("airouter-v1.yaml", download.SuggestedFilename);
        Assert.Contains("env:AIROUTER_SECRET_UP", await File.ReadAllTextAsync((await download.PathAsync())!, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Viewer_reads_and_changes_nothing_and_a_file_that_rules_is_named()
    {
        await stage.Admin.PutAsync(First);
        var page = await stage.Admin.SignInAsync(browser, "/configuration", await stage.Admin.CreateAdminAsync("viewer"), width: 360);

        Assert.False(await page.GetByLabel("The configuration as YAML").IsEditableAsync());
        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { Name = "Review and save …" }).CountAsync());
        Assert.Equal(0, await page.GetByLabel("Import a YAML or JSON file").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        await page.InspectAsync("configuration-viewer-360");
        await page.GotoAsync("/configuration/history");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Current" }).WaitForAsync();
        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { NameRegex = RollBack() }).CountAsync());
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        await page.InspectAsync("configuration-history-360");
    }

    private static string EnvironmentYaml() =>
        "backends:\n  up:\n    url: http://up/v1\n    apiKey: env:AIROUTER_SECRET_UP\nmodels:\n  m:\n    targets:\n    - backend: up\n";

    // As typing does, but all at once.
    private static async Task ReplaceAsync(ILocator text, string old, string now)
    {
        await Assertions.Expect(text).ToHaveValueAsync(new Regex(Regex.Escape(old)));
        var before = await text.InputValueAsync();
        Assert.Contains(old, before, StringComparison.Ordinal);
        await text.FillAsync(before.Replace(old, now, StringComparison.Ordinal));
    }

    private async Task<long> VersionAsync() => (long)JsonNode.Parse(
        await stage.Admin.Management.GetStringAsync("config/history", TestContext.Current.CancellationToken))!["items"]![0]!["version"]!;

    [GeneratedRegex("^Roll back")]
    private static partial Regex RollBack();
}

/// <summary>Texts of elements.</summary>
internal static class ElementTexts
{
    /// <summary>Without the space around them; the first few only.</summary>
    public static async Task<IEnumerable<string>> TrimmedAsync(this Task<IReadOnlyList<string>> texts, int most = int.MaxValue) =>
        (await texts).Take(most).Select(static t => t.Trim());
}
