using System.Collections.Concurrent;
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

    private readonly ConcurrentDictionary<IBrowserContext, (string? Collection, string? Test)> _open = [];

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
        var (collection, test) = (TestContext.Current.TestCollection?.UniqueID, TestContext.Current.Test?.UniqueID);
        await CloseEarlierAsync(collection, test);
        var context = await chromium.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = root.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = 800 },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        _open[context] = (collection, test);
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

    // The tests of a collection run one after another: pages of an earlier one only take time, with their live figures, from the next.
    private async Task CloseEarlierAsync(string? collection, string? test)
    {
        foreach (var (context, opened) in _open)
        {
            if (opened.Collection == collection && opened.Test != test && _open.TryRemove(context, out _))
            {
                await context.CloseAsync();
            }
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
