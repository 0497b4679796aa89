using AiRouter.Tests.Browser;
using AiRouter.Tests.Fixtures;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Browser))]

namespace AiRouter.Tests.Browser;

/// <summary>The one headless Chromium of a run, the system's: started with the first test that needs it. Each test has a context of its own.</summary>
public sealed class Browser : IAsyncDisposable
{
    // Nothing of its own goes over the network.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    ];

    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Chromium)>> _running = new(LaunchAsync);

    /// <summary>Where Chromium is; null: nowhere, and tests that need it are skipped.</summary>
    public static string? Executable { get; } =
        new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    /// <summary>A page of a context of its own: no cookies yet, 1280 × 800.</summary>
    /// <param name="root">What paths are relative to.</param>
    /// <param name="width">The window's width in pixels.</param>
    /// <param name="isDark">What the system prefers.</param>
    public async Task<IPage> OpenAsync(Uri root, int width = 1280, bool isDark = false)
    {
        Assert.SkipWhen(Executable is null, "There is no Chromium here.");
        var (_, chromium) = await _running.Value;
        var context = await chromium.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = root.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = 800 },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        context.SetDefaultTimeout(60_000);
        return await context.NewPageAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_running is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            var (driver, chromium) = await _running.Value;
            await chromium.CloseAsync();
            driver.Dispose();
        }
    }

    private static async Task<(IPlaywright Driver, IBrowser Chromium)> LaunchAsync()
    {
        var driver = await Playwright.CreateAsync();

        // Five seconds unless said otherwise, which a page takes on a machine that is busy.
        Assertions.SetDefaultExpectTimeout((float)Eventually.Deadline.TotalMilliseconds);
        var chromium = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Executable, Args = Arguments });
        return (driver, chromium);
    }
}
