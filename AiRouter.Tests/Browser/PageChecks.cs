using AiRouter.Tests.Repository;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AiRouter.Tests.Browser;

/// <summary>What every page is held to.</summary>
internal static class PageChecks
{
    private static readonly string Screenshots = Path.Combine(Checkout.Root, "artifacts", "screenshots");

    /// <summary>Fails with what axe-core finds against WCAG 2.2 A and AA.</summary>
    public static async Task AxeAsync(this IPage page)
    {
        var result = await page.RunAxe(new AxeRunOptions
        {
            RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
        });
        var found = result.Violations.Select(v => $"{v.Id}: {v.Help}: {string.Join("; ", v.Nodes.Take(5).Select(n => n.Html))}");
        Assert.True(result.Violations.Length == 0, $"{page.Url}\n{string.Join('\n', found)}");
    }

    /// <summary>Writes the page, as it is, to <c>artifacts/screenshots/NAME.png</c>.</summary>
    public static Task ShootAsync(this IPage page, string name) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, name + ".png"), FullPage = true });

    /// <summary>Checks the page with axe-core and photographs it, light and dark (<c>NAME.png</c>, <c>NAME-dark.png</c>).</summary>
    public static async Task InspectAsync(this IPage page, string name)
    {
        // A toast that comes or goes is half transparent: its colours are nobody's.
        await Assertions.Expect(page.Locator(".rz-notification-item")).ToHaveCountAsync(0);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        await page.AxeAsync();
        await page.ShootAsync(name);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await page.AxeAsync();
        await page.ShootAsync(name + "-dark");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
    }
}
