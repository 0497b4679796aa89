using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Core.Limits;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Keys;
using Microsoft.Playwright;

namespace AiRouter.Tests.Browser;

/// <summary>The pages of client keys, as somebody uses them.</summary>
[Collection(BrowserTests.Name)]
public sealed class KeysPageTests(KeysStage stage, Browser browser) : IClassFixture<KeysStage>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_is_made_its_secret_shown_once_and_its_life_led_to_the_end()
    {
        var page = await stage.Admin.SignInAsync(browser, "/keys/edit");
        await page.InspectAsync("key-new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("journey");
        await page.GetByLabel("Only these", new() { Exact = true }).CheckAsync();
        await page.GetByLabel("llama-3.1-8b").CheckAsync();
        await page.GetByLabel("Patterns").FillAsync("gpt-4*");
        await page.GetByLabel("Requests per minute").FillAsync("3,000");
        await page.GetByLabel("Budget in US dollars").FillAsync("20");
        await page.Keyboard.PressAsync("Enter");

        var secret = await page.Locator("#secret-value").InnerTextAsync();
        Assert.StartsWith(ClientKeys.Prefix, secret, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy secret" }).ClickAsync();
        await Eventually.HoldsAsync(async () => await page.EvaluateAsync<string>("navigator.clipboard.readText()") == secret);
        Assert.Contains("\"model\":\"llama-3.1-8b\"", await page.Locator("pre").InnerTextAsync(), StringComparison.Ordinal);
        await page.InspectAsync("key-secret");
        var record = (await stage.Keys.ReadAsync(null, Cancelled)).Records.Single(static r => r.Name == "journey");
        Assert.Equal(ClientKeySecret.HashOf(secret), record.Hash);
        Assert.Equal(["llama-3.1-8b", "gpt-4*"], record.Models!);
        Assert.Equal((3000, 20m), (record.Limits.RequestsPerMinute, record.Budget!.Usd));

        await stage.MeterAsync(record);
        await page.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();
        await stage.UseAsync(new LimitSubject($"key:{record.Id}", record.Limits, record.Budget), 4, 100, 17.6m);
        var budget = page.GetByRole(AriaRole.Progressbar, new() { Name = "Budget a month" });
        await Assertions.Expect(budget).ToHaveAttributeAsync("aria-valuetext", "$17.60 of $20.00");
        Assert.DoesNotContain(secret, await page.ContentAsync(), StringComparison.Ordinal);
        await page.GetByText("Requests to gpt-* are refused (403)").WaitForAsync();
        await page.Locator(".chart-plot svg").First.WaitForAsync();
        await page.InspectAsync("key");

        await page.GetByRole(AriaRole.Button, new() { Name = "Rotate secret" }).ClickAsync();
        await page.GetByLabel("The old secret works for").SelectOptionAsync("168");
        await page.InspectAsync("key-rotate");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make another secret" }).ClickAsync();
        await Assertions.Expect(page.Locator("#secret-value")).Not.ToHaveTextAsync(secret);
        await page.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();
        await page.GetByText("Secret before").WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await page.Locator(".rz-dialog").GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await page.GetByText("Disabled", new() { Exact = true }).WaitForAsync();
        Assert.True((await stage.Keys.FindAsync(record.Id, Cancelled))!.Disabled);
        await page.GetByRole(AriaRole.Button, new() { Name = "Enable" }).ClickAsync();
        await page.GetByText("Active", new() { Exact = true }).WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await page.Locator(".rz-dialog").GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Keys", Exact = true }).WaitForAsync();
        Assert.Null(await stage.Keys.FindAsync(record.Id, Cancelled));
    }

    [Fact]
    public async Task Mistakes_are_told_at_their_fields_and_what_was_typed_stays()
    {
        await stage.Keys.CreateAsync(TestKeys.Make("taken").Record, Cancelled);
        var page = await stage.Admin.SignInAsync(browser, "/keys/edit");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("taken");
        await page.GetByLabel("Tokens per minute").FillAsync("many");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();

        await page.GetByText("Must be a whole number, not \"many\".").WaitForAsync();
        await Assertions.Expect(page.GetByLabel("Tokens per minute")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.InspectAsync("key-mistake");
        await page.GetByLabel("Tokens per minute").FillAsync("200,000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();

        await page.GetByText("Another key is called \"taken\" already.").WaitForAsync();
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveAttributeAsync("aria-invalid", "true");
    }

    [Fact]
    public async Task Change_that_meets_another_is_merged_and_overwrites_nothing()
    {
        var record = (await stage.Keys.CreateAsync(TestKeys.Make("contended").Record with { Owner = "me" }, Cancelled)).Record!;
        var page = await stage.Admin.SignInAsync(browser, $"/keys/edit?id={record.Id}");
        await page.GetByLabel("Tags").FillAsync("mine");
        var theirs = record with { Owner = "somebody else", Updated = new Change(DateTimeOffset.UtcNow, "colleague") };
        await stage.Keys.UpdateAsync(theirs, record.Version, Cancelled);

        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("changed by colleague").WaitForAsync();
        await page.InspectAsync("key-conflict");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save both changes" }).ClickAsync();

        await Assertions.Expect(page.GetByLabel("Owner")).ToHaveValueAsync("somebody else");
        var now = (await stage.Keys.FindAsync(record.Id, Cancelled))!;
        Assert.Equal(("somebody else", "mine"), (now.Owner, string.Join(' ', now.Tags)));
    }

    [Fact]
    public async Task Key_of_the_configuration_is_shown_and_says_where_it_is_changed()
    {
        var page = await stage.Admin.SignInAsync(browser, "/keys");
        await page.GetByRole(AriaRole.Link, new() { Name = "declared" }).ClickAsync();

        await page.GetByText("The configuration document declares this key").WaitForAsync();
        await Assertions.Expect(page.GetByLabel("Owner")).ToHaveValueAsync("the file");
        await Assertions.Expect(page.GetByLabel("Owner")).ToBeDisabledAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Rotate secret" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).WaitForAsync();
    }

    [Fact]
    public async Task Viewer_sees_and_changes_nothing()
    {
        var record = (await stage.Keys.CreateAsync(TestKeys.Make("looked at").Record, Cancelled)).Record!;
        var page = await stage.Admin.SignInAsync(
            browser, $"/keys/edit?id={record.Id}", await stage.Admin.CreateAdminAsync("viewer", Guid.NewGuid().ToString("N")));

        await page.GetByText("Your role is viewer").WaitForAsync();
        await Assertions.Expect(page.GetByLabel("Owner")).ToBeDisabledAsync();
        foreach (var action in new[] { "Save", "Rotate secret", "Disable", "Revoke" })
        {
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = action })).ToHaveCountAsync(0);
        }

        await page.InspectAsync("key-viewer");
        await page.GotoAsync("/keys");
        await page.GetByRole(AriaRole.Link, new() { Name = "looked at" }).WaitForAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "New key" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Five_thousand_keys_are_listed_searched_and_scrolled()
    {
        var keys = Enumerable.Range(0, 5000).Select(static i => TestKeys.Make($"many-{i:0000}").Record with
        {
            Owner = $"team {i % 40}",
            Tags = [i % 2 == 0 ? "even" : "odd"],
            Models = i % 3 == 0 ? null : ["llama-*", "bge-large"],
            Limits = new LimitsConfig { RequestsPerMinute = 60 },
            Budget = i % 4 == 0 ? new BudgetConfig { Usd = 50 } : null,
            Expires = i % 5 == 0 ? DateTimeOffset.UtcNow.AddDays(i % 90) : null,
            Disabled = i % 7 == 0,
        });
        await Parallel.ForEachAsync(
            keys, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Cancelled },
            async (key, cancellationToken) => await stage.Keys.CreateAsync(key, cancellationToken));

        var page = await stage.Admin.SignInAsync(browser, "/keys");
        await page.GetByRole(AriaRole.Link, new() { Name = "many-0000" }).WaitForAsync();
        await page.GetByLabel("Tag").SelectOptionAsync("even");
        await page.GetByText("2,500 of ").WaitForAsync();
        Assert.InRange(await page.Locator("tbody tr").CountAsync(), 10, 100);
        await page.InspectAsync("keys");

        await page.Locator(".key-table").EvaluateAsync("table => table.scrollTo(0, table.scrollHeight)");
        await page.GetByRole(AriaRole.Link, new() { Name = "many-4998" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Name" }).ClickAsync();
        await page.Locator(".key-table").EvaluateAsync("table => table.scrollTo(0, 0)");
        await Assertions.Expect(page.Locator("tbody th a").First).ToHaveTextAsync("many-4998");
        await page.GetByLabel("Search").FillAsync("many-12 team");
        await page.GetByText("50 of ").WaitForAsync();

        await page.SetViewportSizeAsync(360, 740);
        Assert.InRange(await page.EvaluateAsync<int>("document.scrollingElement.scrollWidth"), 1, 360);
        await page.InspectAsync("keys-narrow");
        await page.GetByLabel("Search").FillAsync("many-1234");
        await page.GetByRole(AriaRole.Link, new() { Name = "many-1234" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "many-1234" }).WaitForAsync();
        Assert.InRange(await page.EvaluateAsync<int>("document.scrollingElement.scrollWidth"), 1, 360);
        await page.InspectAsync("key-narrow");
    }
}
