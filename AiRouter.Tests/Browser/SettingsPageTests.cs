using Microsoft.Playwright;

namespace AiRouter.Tests.Browser;

/// <summary>The sections of the document that are forms of their own.</summary>
[Collection(BrowserTests.Name)]
public sealed class SettingsPageTests(ConfigurationStage stage, Browser browser) : IClassFixture<ConfigurationStage>
{
    private const string Document =
        "backends: { up: { url: http://up/v1 } }\nmodels: { llama: { targets: [ { backend: up } ] }, 'gpt-*': { targets: [ { backend: up } ] } }";

    [Fact]
    public async Task Setting_is_changed_mistakes_are_told_at_the_field_and_a_conflict_is_shown()
    {
        await stage.Admin.PutAsync(Document);
        var page = await stage.Admin.SignInAsync(browser, "/configuration/settings");

        // A default that is no model.
        await page.GetByLabel("Chat", new() { Exact = true }).FillAsync("lama");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("There is no model \"lama\" (did you mean \"llama\"?).", new() { Exact = true }).WaitForAsync();
        await page.InspectAsync("settings-problem");
        await page.GetByLabel("Chat", new() { Exact = true }).FillAsync("llama");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("Saved as version 2").WaitForAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Server" }).ClickAsync();
        await page.GetByLabel("A request, at most").FillAsync("8");
        await page.GetByLabel("Web pages that may call").FillAsync("https://chat.example.com");
        await stage.Admin.PutAsync(Document + "\ndefaults: { chat: llama }\nserver: { maxBodyMiB: 9, maxUploadMiB: 64 }");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByText("Both of you changed").WaitForAsync();
        await page.InspectAsync("settings-conflict");
        Assert.Equal(0, await dialog.GetByRole(AriaRole.Button, new() { Name = "Save both changes" }).CountAsync());
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save mine on top, drop theirs" }).ClickAsync();
        await page.GetByText("Saved as version 4").WaitForAsync();
        var server = await stage.Admin.Management.GetStringAsync("server", TestContext.Current.CancellationToken);
        Assert.Equal("""{"maxBodyMiB":8,"corsOrigins":["https://chat.example.com"]}""", server);

        foreach (var section in (string[])["limits", "metering", "server"])
        {
            await page.GotoAsync($"/configuration/settings?section={section}");
            await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).WaitForAsync();
            await page.InspectAsync("settings-" + section);
        }
    }
}
