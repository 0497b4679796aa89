using System.Net;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Management;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Access;

/// <summary>What every answer of Admin carries, and that nothing is open by mistake.</summary>
public sealed class AnswerHeaderTests(StoreServers servers)
{
    // What nobody needs a role for; docs/security.md says why.
    private static readonly string[] Open =
    [
        "/sign-in", "/sign-out", "/session", "/session/end", "/openapi/{documentName}.json", "/health/live", "/health/ready", "/health_check", "/metrics",
    ];

    [Fact]
    public async Task Everything_needs_a_role_but_what_is_listed()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);

        var open = admin.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(static e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null || e.Metadata.GetMetadata<IAuthorizeData>() is null)
            .Select(static e => "/" + e.RoutePattern.RawText!.TrimStart('/'))
            .Where(static p => !IsAsset(p))
            .Distinct();

        Assert.Equal(Open.Order(StringComparer.Ordinal), open.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/")]
    [InlineData("/api/v1/keys")]
    [InlineData("/nothing-here")]
    public async Task Every_answer_lets_pages_run_our_scripts_only(string path)
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        using var browser = new SignedInBrowser(admin.Root);

        var answer = await browser.GetAsync(path);

        var policy = string.Join(';', answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("DENY", string.Join(',', answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("nosniff", string.Join(',', answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", string.Join(',', answer.Headers.GetValues("Referrer-Policy")));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("navigate", "document", "/", true)]
    [InlineData("navigate", "document", "/api/v1/keys", false)]
    [InlineData("navigate", "iframe", "/", false)]
    [InlineData("cors", "empty", "/", false)]
    public async Task Link_from_another_site_opens_a_page_and_nothing_else(string mode, string destination, string path, bool isAnswered)
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        using var browser = new SignedInBrowser(admin.Root);
        browser.Headers.Add("Sec-Fetch-Site", "cross-site");
        browser.Headers.Add("Sec-Fetch-Mode", mode);
        browser.Headers.Add("Sec-Fetch-Dest", destination);

        Assert.Equal(isAnswered, (await browser.GetAsync(path)).StatusCode != HttpStatusCode.Forbidden);
    }

    // Scripts, styles and fonts, which are the same in every installation.
    private static bool IsAsset(string path) =>
        path.StartsWith("/_content/", StringComparison.Ordinal) || path.StartsWith("/_framework/", StringComparison.Ordinal) ||
        path.EndsWith(".css", StringComparison.Ordinal) || path.EndsWith(".js", StringComparison.Ordinal) || path.EndsWith(".svg", StringComparison.Ordinal) ||
        path.EndsWith(".gz", StringComparison.Ordinal) || path == "/{**path:file}";
}
