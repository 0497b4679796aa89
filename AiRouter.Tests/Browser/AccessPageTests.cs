using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Management;
using Microsoft.Playwright;

namespace AiRouter.Tests.Browser;

/// <summary>The frame around all pages, sessions that end while a page is open, and the page of admin keys.</summary>
[Collection(BrowserTests.Name)]
public sealed class AccessPageTests(AccessPageTests.Shared shared, Browser browser) : IClassFixture<AccessPageTests.Shared>
{
    private const string Background = "getComputedStyle(document.body).backgroundColor";

    private readonly AdminStage _stage = shared.Stage;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Admin_key_is_made_shown_once_changed_and_removed()
    {
        var page = await _stage.SignInAsync(browser, "/admins");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Audit" }).WaitForAsync();
        await page.InspectAsync("admins-empty");
        await page.GetByRole(AriaRole.Button, new() { Name = "New admin key" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Give it a name")).ToBeVisibleAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("ann");
        await page.GetByLabel("Role").SelectOptionAsync("Editor");
        await page.InspectAsync("admins-form");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();

        await page.GetByRole(AriaRole.Heading, new() { Name = "The key of ann" }).WaitForAsync();
        var secret = await page.Locator("code", new() { HasText = "sk-air-admin-" }).First.TextContentAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy key" }).ClickAsync();
        await Eventually.HoldsAsync(async () => secret == await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await page.GetByRole(AriaRole.Button, new() { Name = "I have it" }).ClickAsync();
        await Assertions.Expect(page.Locator($"text={secret}")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Change ann" }).ClickAsync();
        await page.GetByLabel("Role").SelectOptionAsync("Admin");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "ann" }).First).ToContainTextAsync("Admin");
        await page.InspectAsync("admins");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove ann" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove ann" })).ToHaveCountAsync(0);
        var removal = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "admin-key.delete" }).Filter(new() { HasText = "ann" });
        await Assertions.Expect(removal).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Change_of_somebody_else_is_shown_before_it_is_replaced()
    {
        await _stage.CreateAdminAsync("viewer", "bob");
        var page = await _stage.SignInAsync(browser, "/admins");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change bob" }).ClickAsync();
        await page.GetByLabel("Role").SelectOptionAsync("Editor");
        var id = await IdOfAsync("bob");
        const string Theirs = """{"name":"bob","role":"viewer","readBodies":true}""";
        await _stage.Management.SendJsonAsync(HttpMethod.Put, $"admin-keys/{id}", Theirs, "*");

        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert))
            .ToContainTextAsync("environment changed this key meanwhile. It is now: bob, Viewer, reads bodies");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Eventually.HoldsAsync(async () => (string?)(await _stage.Management.ReadAsync($"admin-keys/{id}"))["role"] == "editor");
    }

    [Fact]
    public async Task Page_of_admins_is_not_for_other_roles()
    {
        var page = await _stage.SignInAsync(browser, "/admins", await _stage.CreateAdminAsync("editor"));

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Not for your role");
        await Assertions.Expect(page.GetByText("editor is signed in as editor")).ToBeVisibleAsync();
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Configuration", Exact = true }).WaitForAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Admins" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Open_page_ends_when_its_key_is_removed()
    {
        var page = await _stage.SignInAsync(browser, key: await _stage.CreateAdminAsync("viewer", "carl"));
        var id = await IdOfAsync("carl");

        using var answer = await _stage.Management.DeleteAsync($"admin-keys/{id}", Cancelled);

        await page.WaitForURLAsync("**/sign-in?*reason=AccessIsGone*", new() { Timeout = 60_000, WaitUntil = WaitUntilState.Commit });
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("was removed or has expired");
    }

    [Fact]
    public async Task Signing_out_in_one_window_ends_the_other_at_once()
    {
        var page = await _stage.SignInAsync(browser);
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/admins");
        await other.Locator("h1").WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await page.WaitForURLAsync("**/sign-in?reason=SignedOut", new() { WaitUntil = WaitUntilState.Commit });
        await other.WaitForURLAsync("**/sign-in?*reason=SignedOut", new() { WaitUntil = WaitUntilState.Commit });
    }

    [Fact]
    public async Task Frame_works_on_a_narrow_window_by_keyboard_and_in_the_chosen_colours_and_breaks_no_rule_of_its_own()
    {
        var page = await browser.OpenAsync(_stage.Root, width: 360);
        List<string> complaints = [];
        List<string> elsewhere = [];
        page.Console += (_, message) => Note(complaints, message.Type is "error" or "warning", message.Text);
        page.PageError += (_, error) => Note(complaints, true, error);
        var root = _stage.Root.ToString();
        page.Request += (_, request) => Note(elsewhere, !request.Url.StartsWith(root, StringComparison.Ordinal), request.Url);
        await page.GotoAsync("/sign-in?returnUrl=%2Fadmins");
        await Assertions.Expect(page.GetByLabel("Admin key")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(AdminStage.Key);
        await page.Keyboard.PressAsync("Enter");

        // The heading gets the focus a moment after it is there: what is focused before loses it.
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Admins" })).ToBeFocusedAsync();
        Assert.True(
            await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
            "It is wider than the window.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Menu" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Link, new() { Name = "Configuration", Exact = true }).WaitForAsync();
        await page.InspectAsync("menu-narrow");
        await page.GetByLabel("Colours").SelectOptionAsync("dark");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        Assert.Equal("rgb(25, 25, 26)", await page.EvaluateAsync<string>(Background));
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Admins" }).WaitForAsync();
        Assert.Equal("rgb(25, 25, 26)", await page.EvaluateAsync<string>(Background));
        Assert.Empty(complaints);
        Assert.Empty(elsewhere);
    }

    [Fact]
    public async Task Page_that_does_not_exist_says_so_inside_and_outside_of_the_frame()
    {
        var page = await _stage.SignInAsync(browser);
        var answer = await page.GotoAsync("/nothing-here");
        Assert.Equal(404, answer!.Status);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("There is no such thing");
        await page.InspectAsync("failure");
    }

    [Theory]
    [InlineData("_framework/blazor.web.js", 100_000)]
    [InlineData("_content/Radzen.Blazor/Radzen.Blazor.min.js", 50_000)]
    [InlineData("_content/Radzen.Blazor/css/standard-base.css", 500_000)]
    [InlineData("app.css", 5_000)]
    [InlineData("AiRouter.Admin.styles.css", 10)]
    public async Task What_pages_are_made_of_comes_whole_from_build_output_in_Production(string path, int bytes)
    {
        using var http = new HttpClient { BaseAddress = _stage.Root };

        Assert.True((await http.GetByteArrayAsync(path, Cancelled)).Length >= bytes);
    }

    private static void Note(List<string> notes, bool isNotable, string text)
    {
        if (isNotable && !text.StartsWith("data:", StringComparison.Ordinal))
        {
            notes.Add(text);
        }
    }

    private async Task<string> IdOfAsync(string name) => (string)(await _stage.Management.ReadAsync("admin-keys"))["items"]!.AsArray()
        .Single(k => (string?)k!["name"] == name)!["id"]!;

    /// <summary>One Admin for all of them.</summary>
    public sealed class Shared(StoreServers servers) : IAsyncLifetime
    {
        internal AdminStage Stage { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Stage = await AdminStage.StartAsync(servers);

        public ValueTask DisposeAsync() => Stage.DisposeAsync();
    }
}
