using System.Net;
using AiRouter.Core.Administration;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Management;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Access;

/// <summary>Signing in with an admin key, and everything that ends a session.</summary>
public sealed class SessionTests(StoreServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_but_the_page_to_sign_in_is_shown_to_strangers()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        using var browser = new SignedInBrowser(admin.Root);

        foreach (var path in (string[])["/", "/?range=1h", "/not-found"])
        {
            var answer = await browser.GetAsync(path);
            Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
            Assert.StartsWith("/sign-in", answer.Headers.Location!.PathAndQuery(admin.Root), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.PostRawAsync("/_blazor/negotiate?negotiateVersion=1")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/_blazor")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.PostRawAsync("/session/touch")).StatusCode);
    }

    [Fact]
    public async Task Key_opens_the_page_that_was_asked_for_and_the_cookie_is_for_no_script_and_no_other_site()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        using var browser = new SignedInBrowser(admin.Root);

        var answer = await browser.SignInAsync(RunningAdmin.Key, "/models/edit?name=a%2Fb");

        Assert.Equal("/models/edit?name=a%2Fb", answer.Headers.Location?.OriginalString);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), static c => c.StartsWith("airouter.session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("expires", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(RunningAdmin.Key, cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/")).StatusCode);
        Assert.Contains("environment signed in as Admin", admin.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(RunningAdmin.Key, admin.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_opens_pages_and_not_the_API()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        using var browser = new SignedInBrowser(admin.Root);
        await browser.SignInAsync(RunningAdmin.Key);

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/keys")).StatusCode);
    }

    [Fact]
    public async Task Wrong_keys_are_refused_then_have_to_wait()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        using var browser = new SignedInBrowser(admin.Root);

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("/sign-in?reason=WrongKey", (await browser.SignInAsync($"wrong {i}")).Headers.Location?.OriginalString);
        }

        Assert.Equal("/sign-in?reason=TooManyAttempts", (await browser.SignInAsync("wrong")).Headers.Location?.OriginalString);
        Assert.Equal("/sign-in?reason=TooManyAttempts", (await browser.SignInAsync(RunningAdmin.Key)).Headers.Location?.OriginalString);
        Assert.Null(browser.Session);
        await admin.Http.GetAsync("keys", Cancelled).IsProblemAsync(429, "too-many-attempts");
        await Eventually.HoldsAsync(async () => (await browser.SignInAsync(RunningAdmin.Key)).Headers.Location?.OriginalString == "/");
    }

    [Fact]
    public async Task Form_of_another_browser_signs_nobody_in()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        using var browser = new SignedInBrowser(admin.Root);

        var answer = await browser.PostRawAsync("/session", ("key", RunningAdmin.Key));

        Assert.Equal("/sign-in?reason=FormExpired", answer.Headers.Location?.OriginalString);
        Assert.Null(browser.Session);
    }

    [Fact]
    public async Task Without_any_admin_key_the_page_says_how_to_make_one()
    {
        await using var admin = await RunningAdmin.StartAsync(servers, ("AIROUTER_ADMIN_KEY", null));
        using var browser = new SignedInBrowser(admin.Root);

        var answer = await browser.SignInAsync("guess");

        Assert.Equal("/sign-in?reason=NoKeyYet", answer.Headers.Location?.OriginalString);
        var page = await (await browser.GetAsync("/sign-in?reason=NoKeyYet")).Content.ReadAsStringAsync(Cancelled);
        Assert.Contains("Start Admin with AIROUTER_ADMIN_KEY set", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_in_every_copy_of_its_cookie()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        using var browser = new SignedInBrowser(admin.Root);
        await browser.SignInAsync(RunningAdmin.Key);
        using var thief = new SignedInBrowser(admin.Root);
        thief.Cookies.Add(new Cookie("airouter.session", browser.Session!.Value, "/", admin.Root.Host));
        Assert.Equal(HttpStatusCode.OK, (await thief.GetAsync("/")).StatusCode);

        var answer = await browser.PostAsync("/sign-out", "/session/end");

        Assert.Equal("/sign-in?reason=SignedOut", answer.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await thief.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Signing_in_as_somebody_else_ends_the_session_before()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var made = await (await admin.Http.SendJsonAsync(HttpMethod.Post, "admin-keys", """{"name":"v","role":"viewer"}""")).JsonAsync();
        using var browser = new SignedInBrowser(admin.Root);
        using var copy = new SignedInBrowser(admin.Root);
        await browser.SignInAsync(RunningAdmin.Key);
        copy.Cookies.Add(browser.Session!);
        Assert.Equal(HttpStatusCode.OK, (await copy.GetAsync("/")).StatusCode);

        await browser.PostAsync("/sign-in?reason=WrongKey", "/session", ("key", (string)made["key"]!));

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await copy.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Session_ends_with_its_key_and_follows_its_role()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var made = await (await admin.Http.SendJsonAsync(HttpMethod.Post, "admin-keys", """{"name":"ann","role":"viewer"}""")).JsonAsync();
        using var browser = new SignedInBrowser(admin.Root);
        await browser.SignInAsync((string)made["key"]!);
        var before = browser.Session!.Value;

        await admin.Http.SendJsonAsync(HttpMethod.Put, $"admin-keys/{made["id"]}", """{"name":"ann","role":"editor"}""", "*");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/")).StatusCode);
        Assert.NotEqual(before, browser.Session!.Value);

        await admin.Http.DeleteAsync($"admin-keys/{made["id"]}", Cancelled);
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/")).StatusCode);
        Assert.Null(browser.Session);
    }

    [Fact]
    public async Task Session_ends_when_its_key_expires()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var admin = await RunningAdmin.StartAsync(servers, time);
        var expires = time.GetUtcNow().AddMinutes(10).ToString("O");
        var made = await (await admin.Http.SendJsonAsync(
            HttpMethod.Post, "admin-keys", $$"""{"name":"ann","role":"viewer","expires":"{{expires}}"}""")).JsonAsync();
        using var browser = new SignedInBrowser(admin.Root);
        await browser.SignInAsync((string)made["key"]!);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/")).StatusCode);

        time.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Session_ends_after_eight_hours_of_silence_and_use_prolongs_it()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var admin = await RunningAdmin.StartAsync(servers, time);
        using var browser = new SignedInBrowser(admin.Root);
        await browser.SignInAsync(RunningAdmin.Key);

        for (var i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromHours(5));
            Assert.Equal(HttpStatusCode.NoContent, (await browser.PostRawAsync("/session/touch")).StatusCode);
        }

        time.Advance(TimeSpan.FromHours(8.1));
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Session_ends_after_a_day_whatever_its_use()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var admin = await RunningAdmin.StartAsync(servers, time);
        using var browser = new SignedInBrowser(admin.Root);
        await browser.SignInAsync(RunningAdmin.Key);

        for (var i = 0; i < 4; i++)
        {
            time.Advance(TimeSpan.FromHours(5.9));
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/")).StatusCode);
        }

        time.Advance(TimeSpan.FromHours(0.5));
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/")).StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")]
    public async Task Restart_and_another_process_keep_the_session(string? encryptionKey)
    {
        var connection = await servers.ConnectionStringAsync(StoreKind.Redis);
        var prefix = Guid.NewGuid().ToString("N");
        await using var first = await RunningAdmin.StartAsync(connection, prefix, ("AIROUTER_ENCRYPTION_KEY", encryptionKey));
        using var browser = new SignedInBrowser(first.Root);
        await browser.SignInAsync(RunningAdmin.Key);

        await using var second = await RunningAdmin.StartAsync(connection, prefix, ("AIROUTER_ENCRYPTION_KEY", encryptionKey));
        using var elsewhere = new SignedInBrowser(second.Root);
        elsewhere.Cookies.Add(new Cookie("airouter.session", browser.Session!.Value, "/", second.Root.Host));

        Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("/")).StatusCode);
        await using var store = await servers.OpenAsync(StoreKind.Redis, prefix: prefix);
        var key = Assert.Single(await new SessionStore(store).KeysAsync(Cancelled));
        Assert.Equal(encryptionKey is null, key.Contains("masterKey", StringComparison.Ordinal));
        Assert.Equal(encryptionKey is null, first.Log.Contains("whoever reads the store can sign in", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_encryption_key_ends_sessions_and_new_ones_work()
    {
        var connection = await servers.ConnectionStringAsync(StoreKind.Redis);
        var prefix = Guid.NewGuid().ToString("N");
        var key = Convert.ToBase64String(new byte[32]);
        await using var first = await RunningAdmin.StartAsync(connection, prefix, ("AIROUTER_ENCRYPTION_KEY", key));
        using var browser = new SignedInBrowser(first.Root);
        await browser.SignInAsync(RunningAdmin.Key);

        await using var second = await RunningAdmin.StartAsync(connection, prefix);
        using var elsewhere = new SignedInBrowser(second.Root);
        elsewhere.Cookies.Add(new Cookie("airouter.session", browser.Session!.Value, "/", second.Root.Host));
        Assert.Equal(HttpStatusCode.Found, (await elsewhere.GetAsync("/")).StatusCode);
        await elsewhere.SignInAsync(RunningAdmin.Key);

        Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("/")).StatusCode);
        Assert.Contains("AIROUTER_ENCRYPTION_KEY is not set", second.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_key_in_the_environment_ends_sessions_of_the_one_before()
    {
        var connection = await servers.ConnectionStringAsync(StoreKind.Redis);
        var prefix = Guid.NewGuid().ToString("N");
        await using var first = await RunningAdmin.StartAsync(connection, prefix);
        using var browser = new SignedInBrowser(first.Root);
        await browser.SignInAsync(RunningAdmin.Key);

        await using var second = await RunningAdmin.StartAsync(connection, prefix, ("AIROUTER_ADMIN_KEY", "another-key-of-the-tests"));
        using var elsewhere = new SignedInBrowser(second.Root);
        elsewhere.Cookies.Add(new Cookie("airouter.session", browser.Session!.Value, "/", second.Root.Host));

        Assert.Equal(HttpStatusCode.Found, (await elsewhere.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Store_that_is_away_is_said_on_a_page()
    {
        await using var server = await StoreServers.StartOwnAsync(StoreKind.Redis);
        await using var admin = await RunningAdmin.StartAsync(server.ConnectionString, Guid.NewGuid().ToString("N"));
        using var browser = new SignedInBrowser(admin.Root);
        await browser.SignInAsync(RunningAdmin.Key);
        await server.KillAsync();

        var answer = await browser.GetAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("The store is away", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", string.Join(';', answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }
}

/// <summary>Addresses of answers.</summary>
internal static class LocationText
{
    /// <summary>The path and the query of an address, absolute or not.</summary>
    public static string PathAndQuery(this Uri location, Uri root) => new Uri(root, location).PathAndQuery;
}
