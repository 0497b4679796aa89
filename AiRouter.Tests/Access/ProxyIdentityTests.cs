using System.Net;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Management;

namespace AiRouter.Tests.Access;

/// <summary>A proxy that says in a header who somebody is, and those who only pretend to be one.</summary>
public sealed class ProxyIdentityTests(StoreServers servers)
{
    private static readonly (string, string?)[] Trusted = Environment("127.0.0.1");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ann", null, true)]
    [InlineData("bob", "ops, other", true)]
    [InlineData("bob", "opsy", false)]
    [InlineData("bob", null, false)]
    [InlineData("group:ops", null, false)]
    [InlineData("", "ops", false)]
    [InlineData("ANN", null, false)]
    public async Task Name_and_groups_give_a_role(string name, string? groups, bool comesIn)
    {
        await using var admin = await RunningAdmin.StartAsync(servers, Trusted);
        using var browser = new SignedInBrowser(admin.Root);
        browser.Headers.TryAddWithoutValidation("X-Auth-User", name);
        if (groups is not null)
        {
            browser.Headers.TryAddWithoutValidation("X-Auth-Groups", groups);
        }

        Assert.Equal(comesIn ? HttpStatusCode.OK : HttpStatusCode.Found, (await browser.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Header_of_anybody_else_means_nothing()
    {
        await using var admin = await RunningAdmin.StartAsync(servers, Environment("10.9.8.7"));
        using var browser = new SignedInBrowser(admin.Root);
        browser.Headers.Add("X-Auth-User", "ann");
        browser.Headers.Add("X-Forwarded-For", "10.9.8.7");

        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Host_that_is_told_to_believe_every_proxy_still_believes_the_listed_ones_only()
    {
        await using var admin = await RunningAdmin.StartAsync(
            servers, [.. Environment("10.9.8.7"), ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true")]);
        using var browser = new SignedInBrowser(admin.Root);
        browser.Headers.Add("X-Auth-User", "ann");
        browser.Headers.Add("X-Forwarded-For", "10.9.8.7");

        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Two_names_are_no_name()
    {
        await using var admin = await RunningAdmin.StartAsync(servers, Trusted);
        using var browser = new SignedInBrowser(admin.Root);
        browser.Headers.Add("X-Auth-User", ["ann", "bob"]);

        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Somebody_without_a_role_is_told_so_and_may_use_a_key()
    {
        await using var admin = await RunningAdmin.StartAsync(servers, Trusted);
        using var browser = new SignedInBrowser(admin.Root);
        browser.Headers.Add("X-Auth-User", "bob");

        Assert.Equal("/sign-in?reason=NoRole", (await browser.GetAsync("/")).Headers.Location?.OriginalString);
        await browser.SignInAsync(RunningAdmin.Key);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Name_opens_no_management_API()
    {
        await using var admin = await RunningAdmin.StartAsync(servers, Trusted);
        using var browser = new SignedInBrowser(admin.Root);
        browser.Headers.Add("X-Auth-User", "ann");

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/keys")).StatusCode);
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_the_cookie_is_for_https_and_guesses_count_for_the_browsers_address()
    {
        await using var admin = await RunningAdmin.StartAsync(servers, ("AIROUTER_ADMIN_TRUSTED_PROXIES", "127.0.0.0/8"));
        using var guesser = new SignedInBrowser(admin.Root);
        guesser.Headers.Add("X-Forwarded-For", "203.0.113.7");
        for (var i = 0; i < 5; i++)
        {
            await guesser.SignInAsync("wrong");
        }

        using var browser = new SignedInBrowser(admin.Root);
        browser.Headers.Add("X-Forwarded-For", "203.0.113.8");
        browser.Headers.Add("X-Forwarded-Proto", "https");
        using var page = await browser.GetAsync("/sign-in");
        Assert.Contains("secure", string.Join(';', page.Headers.GetValues("Set-Cookie")), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("A wrong admin key came from 203.0.113.7", admin.Log, StringComparison.Ordinal);
        Assert.Equal("/sign-in?reason=TooManyAttempts", (await guesser.SignInAsync(RunningAdmin.Key)).Headers.Location?.OriginalString);
        await admin.Http.GetAsync("keys", Cancelled);
        Assert.Equal(HttpStatusCode.OK, (await admin.Http.GetAsync("keys", Cancelled)).StatusCode);
    }

    private static (string, string?)[] Environment(string proxies) =>
    [
        ("AIROUTER_ADMIN_TRUSTED_PROXIES", proxies), ("AIROUTER_ADMIN_PROXY_HEADER", "X-Auth-User"),
        ("AIROUTER_ADMIN_PROXY_GROUPS_HEADER", "X-Auth-Groups"), ("AIROUTER_ADMIN_PROXY_ROLES", "admin=ann,group:ops"),
    ];
}
