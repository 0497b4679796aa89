using System.Globalization;
using System.Text.RegularExpressions;
using AiRouter.Tests.Fixtures;
using Microsoft.Playwright;

namespace AiRouter.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed partial class OverviewPageTests(OverviewStage stage, StoreServers servers, Browser browser) : IClassFixture<OverviewStage>
{
    [Fact]
    public async Task Overview_shows_what_is_down_and_usage_as_charts_and_as_a_table()
    {
        var page = await stage.Stage.SignInAsync(browser);
        await page.GetByText("The backend gpu-1").WaitForAsync();
        await page.Locator(".chart-plot svg").First.WaitForAsync();
        await page.InspectAsync("overview");
        await page.GetByText("7 d", new() { Exact = true }).ClickAsync();
        await page.GetByText("Table", new() { Exact = true }).ClickAsync();
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Usage of the last 7 days" }).GetByRole(AriaRole.Row);
        await Assertions.Expect(rows).ToHaveCountAsync(29);
        await page.InspectAsync("overview-table");

        await page.GetByRole(AriaRole.Link, new() { Name = "Open gpu-1" }).ClickAsync();
        await page.WaitForURLAsync("**/backends/edit?name=gpu-1");
    }

    [Fact]
    public async Task Figures_follow_requests_without_a_reload_unless_they_are_paused_or_nobody_looks()
    {
        var page = await stage.Stage.SignInAsync(browser);
        var paused = await stage.Stage.SignInAsync(browser);
        var hidden = await stage.Stage.SignInAsync(browser);
        await paused.GetByRole(AriaRole.Button, new() { Name = "Pause updates" }).ClickAsync();
        await paused.GetByText("Paused; as of").WaitForAsync();
        await HideAsync(hidden, true);

        // What was being read when the page was hidden is still shown.
        await Eventually.HoldsAsync(async () =>
        {
            var (shown, stood) = (await SubtitleAsync(page), await SubtitleAsync(hidden));
            await Assertions.Expect(page.Locator(".subtitle")).Not.ToHaveTextAsync(shown);
            return stood == await SubtitleAsync(hidden);
        });
        var before = await TodayAsync(page);

        await stage.AskAsync();
        await stage.AskAsync();

        await Eventually.HoldsAsync(async () => await TodayAsync(page) == before + 2);
        Assert.Equal(before, await TodayAsync(paused));
        Assert.Equal(before, await TodayAsync(hidden));
        await HideAsync(hidden, false);
        await Eventually.HoldsAsync(async () => await TodayAsync(hidden) == before + 2);
        await paused.GetByRole(AriaRole.Button, new() { Name = "Pause updates" }).ClickAsync();
        await Eventually.HoldsAsync(async () => await TodayAsync(paused) == before + 2);
    }

    [Fact]
    public async Task Overview_fits_a_telephone_and_is_worked_with_keys()
    {
        var page = await stage.Stage.SignInAsync(browser, width: 360);
        await page.Locator(".chart-plot svg").First.WaitForAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
        await page.ShootAsync("overview-360");

        await page.GetByRole(AriaRole.Radio, new() { Name = "1 h" }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.GetByRole(AriaRole.Img, new() { NameRegex = new Regex("Requests of the last 24 hours") }).WaitForAsync();
    }

    [Fact]
    public async Task Empty_installation_says_what_to_do_first_to_a_viewer_too()
    {
        await using var empty = await AdminStage.StartAsync(servers);
        var page = await empty.SignInAsync(browser, key: await empty.CreateAdminAsync("viewer"));

        await page.GetByText("No router is running on this store").WaitForAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Nothing is set up yet" }).WaitForAsync();
        await page.InspectAsync("overview-empty");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add a backend" }).ClickAsync();
        await page.WaitForURLAsync("**/backends/edit");
    }

    private static async Task HideAsync(IPage page, bool isHidden) => await page.EvaluateAsync(
        "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true }); " +
        "document.dispatchEvent(new Event('visibilitychange')); }",
        isHidden);

    private static Task<string> SubtitleAsync(IPage page) => page.Locator(".subtitle").InnerTextAsync();

    private static async Task<int> TodayAsync(IPage page)
    {
        await Assertions.Expect(page.Locator(".tile").First).ToContainTextAsync(Today());
        var text = await page.Locator(".tile").First.InnerTextAsync();
        return int.Parse(Today().Match(text).Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"([\d,]+) today")]
    private static partial Regex Today();
}
