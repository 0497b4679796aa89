using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class SignInTests(StoreServers servers, Browser browser)
{
    [Fact]
    public async Task Nothing_is_shown_before_signing_in_and_the_key_opens_the_page_that_was_asked_for()
    {
        await using var stage = await AdminStage.StartAsync(servers);
        var page = await browser.OpenAsync(stage.Root);

        await page.GotoAsync("/");
        Assert.Contains("/sign-in", page.Url, StringComparison.Ordinal);
        await page.InspectAsync("sign-in");
        await page.GetByLabel("Admin key").FillAsync("wrong");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Alert).WaitForAsync();
        await page.GetByLabel("Admin key").FillAsync(AdminStage.Key);
        await page.Keyboard.PressAsync("Enter");

        await page.GetByRole(Microsoft.Playwright.AriaRole.Heading, new() { Name = "Overview" }).WaitForAsync();
        await page.InspectAsync("overview-empty");
    }

    [Fact]
    public async Task Page_says_that_the_server_is_gone()
    {
        await using var stage = await AdminStage.StartAsync(servers);
        var page = await stage.SignInAsync(browser);
        var notice = page.GetByText("The connection to AiRouter is lost");
        await Microsoft.Playwright.Assertions.Expect(notice).ToBeHiddenAsync();

        await stage.Admin.SignalAsync("KILL", TestContext.Current.CancellationToken);

        await notice.WaitForAsync();
        await page.InspectAsync("reconnect");
    }
}
