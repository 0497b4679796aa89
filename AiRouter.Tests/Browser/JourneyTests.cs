using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AiRouter.Benchmarks.Processes;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;
using Microsoft.Playwright;

namespace AiRouter.Tests.Browser;

/// <summary>Somebody who has never seen AiRouter: from an empty store to a key that is used, and one step back.</summary>
[Collection(BrowserTests.Name)]
public sealed class JourneyTests(StoreServers servers, Browser browser)
{
    private const int MostClicks = 15;

    private int _clicks;

    [Fact]
    public async Task Operator_gets_from_nothing_to_a_used_key_and_one_step_back_in_15_clicks()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var port = LoopbackPort.Free().ToString(CultureInfo.InvariantCulture);
        await using var stage = await AdminStage.StartAsync(servers, null, ("AIROUTER_API_URL", $"http://127.0.0.1:{port}"));
        using var router = await stage.StartApiAsync(("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"));
        var page = await browser.OpenAsync(stage.Root);

        // Sign in.
        await page.GotoAsync("/");
        await page.GetByLabel("Admin key").FillAsync(AdminStage.Key);
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }));

        // Add a Triton backend: saving tries it out.
        await ClickAsync(page.GetByRole(AriaRole.Link, new() { Name = "Add a backend" }));
        await page.GetByLabel("Name").FillAsync("gpu-1");
        await page.GetByLabel("Address").FillAsync(triton.Address.ToString());
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Add backend" }));

        // Map a model of it.
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Add to AiRouter ensemble" }));
        await page.GetByLabel("Public name of ensemble").FillAsync("llama");
        await page.GetByLabel("Prompt format").SelectOptionAsync("llama3");
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Add model", Exact = true }));
        await page.GetByText("Clients can ask for llama now").WaitForAsync();

        // Try it in the playground.
        await ClickAsync(NavigationLink(page, "Playground"));
        await page.GetByLabel("Your message").FillAsync("Hello!");
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }));
        await page.GetByText("First token").First.WaitForAsync();
        await page.InspectAsync("journey-playground");

        // Create a key.
        await ClickAsync(NavigationLink(page, "Keys"));
        await ClickAsync(page.GetByRole(AriaRole.Link, new() { Name = "Create a key" }).Or(page.GetByRole(AriaRole.Link, new() { Name = "New key" })).First);
        await page.GetByLabel("Name").FillAsync("team-a");
        await page.GetByLabel("Requests per minute").First.FillAsync("100");
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Create key" }));
        var secret = await page.Locator("#secret-value").TextContentAsync();

        // Call the API with it.
        await CallAsync(router, secret!);

        // See its usage.
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }));
        await page.GetByText("1 of 100").First.WaitForAsync();
        await page.InspectAsync("journey-key");
        Assert.DoesNotContain(secret!, await page.ContentAsync(), StringComparison.Ordinal);

        // Roll back.
        await ClickAsync(NavigationLink(page, "Configuration"));
        await ClickAsync(page.GetByRole(AriaRole.Link, new() { Name = "History" }));
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Roll back … to version 1" }));
        await ClickAsync(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Roll back", Exact = true }));
        await page.GetByRole(AriaRole.Heading, new() { Name = "Version 3" }).WaitForAsync();

        await Eventually.HoldsAsync(async () => await StatusAsync(router, secret!) == HttpStatusCode.NotFound);
        Assert.True(_clicks <= MostClicks, $"It took {_clicks} clicks.");
    }

    private async Task ClickAsync(ILocator target)
    {
        _clicks++;
        await target.ClickAsync();
    }

    private static ILocator NavigationLink(IPage page, string name) =>
        page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByRole(AriaRole.Link, new() { Name = name });

    // A router hears of its first key within a second; until then it is open to everybody, and counts for nobody.
    private static async Task CallAsync(HttpClient router, string secret)
    {
        await Eventually.HoldsAsync(async () => await StatusAsync(router, null) == HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(router, secret));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient router, string? secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Headers.Authorization = secret is null ? null : new AuthenticationHeaderValue("Bearer", secret);
        request.Content = new StringContent(
            """{"model":"llama","messages":[{"role":"user","content":"Hello!"}]}""", Encoding.UTF8, "application/json");
        using var answer = await router.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
