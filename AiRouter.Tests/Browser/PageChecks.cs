using System.Text.Json;
using AiRouter.Tests.Repository;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace AiRouter.Tests.Browser;

/// <summary>What every page is held to.</summary>
internal static class PageChecks
{
    private static readonly string Screenshots = Path.Combine(Checkout.Root, "artifacts", "screenshots");

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>Fails with what axe-core finds against WCAG 2.2 A and AA.</summary>
    /// <remarks>axe-core is run in the page itself and stays there: a RunAxe of the package brings it in anew, opens another page to sum
    /// up in, and fetches all that is right too, which took five times as long (1.5 s instead of 0.25 s). It looks into frames, of which
    /// there must be none.</remarks>
    public static async Task AxeAsync(this IPage page)
    {
        Assert.Single(page.Frames);
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync(Axe);
        }

        // What fades in is half transparent: its colours are nobody's. What turns for ever is no reason to wait.
        var result = await page.EvaluateAsync<string>(
            """
            async () => {
              const moving = document.getAnimations().filter((animation) =>
                animation.playState === 'running' && animation.effect.getComputedTiming().endTime !== Infinity);
              await Promise.allSettled(moving.map((animation) => animation.finished));
              const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
              const { violations } = await axe.run({ resultTypes: ['violations'], runOnly });
              return JSON.stringify(violations.map(({ id, help, nodes }) =>
                `${id}: ${help}: ${nodes.slice(0, 5).map((node) => node.html).join('; ')}`));
            }
            """);
        var found = JsonSerializer.Deserialize<string[]>(result)!;
        Assert.True(found.Length == 0, $"{page.Url}\n{string.Join('\n', found)}");
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
