using Xunit.Sdk;

namespace AiRouter.Tests.Browser;

/// <summary>The checks of pages find what they are for.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageChecksTests(Browser browser)
{
    [Fact]
    public async Task Axe_finds_what_is_wrong_and_nothing_else()
    {
        var page = await browser.OpenAsync(new Uri("http://localhost"));
        await page.SetContentAsync(
            "<html lang=en><title>Title</title><main><h1>Words</h1><p style='color: #777; background: #888'>Pale</p><img src='data:,'>");

        var error = await Assert.ThrowsAnyAsync<XunitException>(page.AxeAsync);
        Assert.Contains("color-contrast", error.Message, StringComparison.Ordinal);
        Assert.Contains("image-alt", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, error.Message.TrimEnd().Split('\n').Length);

        await page.SetContentAsync("<html lang=en><title>Title</title><main><h1>Words</h1><p>Dark</p></main>");
        await page.AxeAsync();
    }
}
