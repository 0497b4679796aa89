using System.Net;
using System.Text.Json.Nodes;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Management;

namespace AiRouter.Tests.Access;

/// <summary>Signing in at a provider (a simulated one), and what it says about people becoming a role.</summary>
public sealed class OpenIdTests(StoreServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Person_of_a_role_comes_in_and_goes_on_to_the_page_that_was_asked_for()
    {
        await using var provider = await SimulatedOpenIdProvider.StartAsync();
        provider.Person = new JsonObject { ["sub"] = "1", ["preferred_username"] = "ann", ["roles"] = new JsonArray("ops", "other") };
        await using var admin = await RunningAdmin.StartAsync(servers, provider.Environment("admin=ops;viewer=*"));
        using var browser = new SignedInBrowser(admin.Root);
        var page = await (await browser.GetAsync("/sign-in?returnUrl=%2Fkeys")).Content.ReadAsStringAsync(Cancelled);
        Assert.Contains("Sign in with 127.0.0.1", page, StringComparison.Ordinal);
        Assert.Contains("/sign-in/openid?returnUrl=%2Fkeys", page, StringComparison.Ordinal);

        var answer = await browser.FollowAsync("/sign-in/openid?returnUrl=%2Fsign-out");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotNull(browser.Session);
        Assert.Contains("oidc:ann signed in as Admin", admin.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("an-access-token-of-the-tests", admin.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(SimulatedOpenIdProvider.ClientSecret, admin.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("roles", """{"roles":["ml"]}""", """{}""", "Editor")]
    [InlineData("roles", """{"roles":"ml"}""", """{}""", "Editor")]
    [InlineData("groups", """{}""", """{"groups":["a","ml"]}""", "Editor")]
    [InlineData("realm_access.roles", """{"realm_access":{"roles":["x","ml"]}}""", """{}""", "Editor")]
    [InlineData("realm_access.roles", """{}""", """{"realm_access":{"roles":["ml"]}}""", "Editor")]
    [InlineData("https://example.com/roles", """{"https://example.com/roles":["ml"]}""", """{}""", "Editor")]
    [InlineData("email", """{"email":"ml","email_verified":true}""", """{}""", "Editor")]
    [InlineData("email", """{"email":"ml","email_verified":false}""", """{}""", null)]
    [InlineData("email", """{"email":"ml"}""", """{}""", null)]
    [InlineData("roles", """{"groups":["ml"]}""", """{}""", null)]
    [InlineData("roles", """{"roles":["ML"]}""", """{}""", null)]
    [InlineData("roles", """{"roles":{"ml":true}}""", """{}""", null)]
    [InlineData("roles", """{}""", """{}""", null)]
    public async Task Role_comes_from_the_claim_that_was_named(string claim, string person, string more, string? role)
    {
        await using var provider = await SimulatedOpenIdProvider.StartAsync();
        provider.Person = JsonNode.Parse(person)!.AsObject();
        provider.Person["sub"] = "1";
        provider.Person["name"] = "Ann";
        provider.More = JsonNode.Parse(more)!.AsObject();
        await using var admin = await RunningAdmin.StartAsync(
            servers, provider.Environment("editor=ml", ("AIROUTER_OIDC_ROLE_CLAIM", claim)));
        using var browser = new SignedInBrowser(admin.Root);

        await browser.FollowAsync("/sign-in/openid");

        if (role is null)
        {
            Assert.Null(browser.Session);
            Assert.Contains($"who has no role by the claim {claim}", admin.Log, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains($"signed in as {role}", admin.Log, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Somebody_without_a_role_is_told_so()
    {
        await using var provider = await SimulatedOpenIdProvider.StartAsync();
        await using var admin = await RunningAdmin.StartAsync(servers, provider.Environment("admin=ops"));
        using var browser = new SignedInBrowser(admin.Root);

        var page = await (await browser.FollowAsync("/sign-in/openid")).Content.ReadAsStringAsync(Cancelled);

        Assert.Contains("nobody gave you a role here", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Token_that_somebody_else_signed_is_refused()
    {
        await using var provider = await SimulatedOpenIdProvider.StartAsync();
        provider.Person = new JsonObject { ["sub"] = "1", ["roles"] = new JsonArray("ops") };
        provider.SignsWrongly = true;
        await using var admin = await RunningAdmin.StartAsync(servers, provider.Environment("admin=ops"));
        using var browser = new SignedInBrowser(admin.Root);

        var page = await (await browser.FollowAsync("/sign-in/openid")).Content.ReadAsStringAsync(Cancelled);

        Assert.Null(browser.Session);
        Assert.Contains("Signing in there did not work", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sign-in/openid/callback?code=x&state=y")]
    [InlineData("/sign-in/openid/callback?error=access_denied")]
    [InlineData("/sign-in/openid/callback")]
    public async Task Answer_that_nobody_asked_for_is_refused(string path)
    {
        await using var provider = await SimulatedOpenIdProvider.StartAsync();
        await using var admin = await RunningAdmin.StartAsync(servers, provider.Environment("admin=*"));
        using var browser = new SignedInBrowser(admin.Root);

        var answer = await browser.GetAsync(path);

        Assert.Equal("/sign-in?reason=ProviderFailed", answer.Headers.Location?.OriginalString);
        Assert.Null(browser.Session);
    }

    [Fact]
    public async Task Provider_that_is_away_is_said_and_keys_go_on_working()
    {
        await using var admin = await RunningAdmin.StartAsync(
            servers,
            ("AIROUTER_OIDC_AUTHORITY", "http://127.0.0.1:9"), ("AIROUTER_OIDC_CLIENT_ID", "airouter"), ("AIROUTER_OIDC_ROLES", "admin=ops"));
        using var browser = new SignedInBrowser(admin.Root);

        var answer = await browser.GetAsync("/sign-in/openid");

        Assert.Equal("/sign-in?reason=ProviderFailed", answer.Headers.Location?.OriginalString);
        await browser.SignInAsync(RunningAdmin.Key);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Other_roles_in_the_environment_end_sessions()
    {
        await using var provider = await SimulatedOpenIdProvider.StartAsync();
        provider.Person = new JsonObject { ["sub"] = "1", ["roles"] = new JsonArray("ops") };
        var connection = await servers.ConnectionStringAsync(StoreKind.Redis);
        var prefix = Guid.NewGuid().ToString("N");
        await using var first = await RunningAdmin.StartAsync(connection, prefix, provider.Environment("admin=ops"));
        using var browser = new SignedInBrowser(first.Root);
        await browser.FollowAsync("/sign-in/openid");

        await using var second = await RunningAdmin.StartAsync(connection, prefix, provider.Environment("viewer=ops"));
        using var elsewhere = new SignedInBrowser(second.Root);
        elsewhere.Cookies.Add(new Cookie("airouter.session", browser.Session!.Value, "/", second.Root.Host));

        Assert.Equal(HttpStatusCode.Found, (await elsewhere.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Without_a_provider_there_is_no_such_way_in()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        using var browser = new SignedInBrowser(admin.Root);

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/sign-in/openid")).StatusCode);
        Assert.DoesNotContain(
            "Sign in with", await (await browser.GetAsync("/sign-in")).Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }
}
