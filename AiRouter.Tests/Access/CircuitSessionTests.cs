using AiRouter.Admin.Authentication;
using AiRouter.Admin.Authentication.Sessions;
using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.Session;
using AiRouter.Core.Administration;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Management;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Access;

/// <summary>An open page asks by itself whether its session holds: here without a browser.</summary>
public sealed class CircuitSessionTests(StoreServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_that_nobody_touches_ends_after_eight_hours_and_use_prolongs_it()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var admin = await RunningAdmin.StartAsync(servers, time);
        using var scope = admin.Services.CreateScope();
        var circuit = await OpenAsync(scope, RunningAdmin.Key);

        time.Advance(TimeSpan.FromHours(7.9));
        circuit.Touch();
        time.Advance(TimeSpan.FromHours(7.9));
        Assert.Null((await circuit.CheckAsync(TimeSpan.Zero, Cancelled)).End);
        time.Advance(TimeSpan.FromHours(0.2));

        Assert.Equal(SessionEnd.TimeIsOver, (await circuit.CheckAsync(TimeSpan.Zero, Cancelled)).End);
        Assert.Null(await circuit.IdentityAsync());
    }

    [Fact]
    public async Task Page_ends_a_day_after_the_sign_in_whatever_its_use()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var admin = await RunningAdmin.StartAsync(servers, time);
        using var scope = admin.Services.CreateScope();
        var circuit = await OpenAsync(scope, RunningAdmin.Key);

        time.Advance(TimeSpan.FromHours(24));
        circuit.Touch();

        Assert.Equal(SessionEnd.TimeIsOver, (await circuit.CheckAsync(TimeSpan.Zero, Cancelled)).End);
    }

    [Fact]
    public async Task Nothing_can_be_done_with_a_key_that_was_removed_a_moment_ago()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var (id, secret) = await CreateAsync(admin, "editor");
        using var scope = admin.Services.CreateScope();
        await OpenAsync(scope, secret);
        var session = scope.ServiceProvider.GetRequiredService<AdminSession>();
        Assert.Null((await session.ActAsync(AdminRole.Editor, static (by, _) => Task.FromResult(by.Name))).Failure);

        await admin.Http.DeleteAsync($"admin-keys/{id}", Cancelled);

        var outcome = await session.ActAsync(AdminRole.Viewer, static (by, _) => Task.FromResult(by.Name));
        Assert.Equal(FailureKind.Unauthorized, outcome.Failure?.Kind);
        Assert.Equal(SessionEnd.AccessIsGone, scope.ServiceProvider.GetRequiredService<CircuitSession>().End);
    }

    [Fact]
    public async Task Role_that_was_taken_away_is_not_used_once_more()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var (id, secret) = await CreateAsync(admin, "editor");
        using var scope = admin.Services.CreateScope();
        var circuit = await OpenAsync(scope, secret);
        var session = scope.ServiceProvider.GetRequiredService<AdminSession>();

        await admin.Http.SendJsonAsync(HttpMethod.Put, $"admin-keys/{id}", """{"name":"editor","role":"viewer"}""", "*");

        var outcome = await session.ActAsync(AdminRole.Editor, static (by, _) => Task.FromResult(by.Name));
        Assert.Equal(FailureKind.Unauthorized, outcome.Failure?.Kind);
        Assert.Equal(SessionEnd.RoleChanged, circuit.End);
    }

    [Fact]
    public async Task Role_that_is_too_low_is_refused_and_named()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var (_, secret) = await CreateAsync(admin, "viewer");
        using var scope = admin.Services.CreateScope();
        await OpenAsync(scope, secret);

        var outcome = await scope.ServiceProvider.GetRequiredService<AdminSession>()
            .ActAsync(AdminRole.Editor, static (by, _) => Task.FromResult(by.Name));

        Assert.Equal(FailureKind.Forbidden, outcome.Failure?.Kind);
        Assert.Contains("needs the role editor; \"viewer\" is viewer", outcome.Failure?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_that_is_away_is_said_and_ends_no_page()
    {
        await using var server = await StoreServers.StartOwnAsync(StoreKind.Redis);
        await using var admin = await RunningAdmin.StartAsync(server.ConnectionString, Guid.NewGuid().ToString("N"));
        using var scope = admin.Services.CreateScope();
        var circuit = await OpenAsync(scope, RunningAdmin.Key);
        await server.KillAsync();

        var outcome = await scope.ServiceProvider.GetRequiredService<AdminSession>()
            .ActAsync(AdminRole.Viewer, static (by, _) => Task.FromResult(by.Name));

        Assert.Equal(FailureKind.StoreUnavailable, outcome.Failure?.Kind);
        Assert.Null(circuit.End);
    }

    [Fact]
    public async Task What_a_page_still_does_when_its_circuit_has_gone_is_given_up_and_no_error()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        AdminSession session;
        using (var scope = admin.Services.CreateScope())
        {
            await OpenAsync(scope, RunningAdmin.Key);
            session = scope.ServiceProvider.GetRequiredService<AdminSession>();
        }

        Assert.True(session.Ended.IsCancellationRequested);
        Assert.NotNull((await session.ReadAsync(static _ => Task.FromResult("read"))).Failure);
        Assert.DoesNotContain("A page failed", admin.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shared_reading_that_took_too_long_is_no_bug()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        using var scope = admin.Services.CreateScope();
        await OpenAsync(scope, RunningAdmin.Key);

        var outcome = await scope.ServiceProvider.GetRequiredService<AdminSession>()
            .ReadAsync(static _ => Task.FromCanceled<string>(new CancellationToken(true)));

        Assert.Equal(FailureKind.StoreUnavailable, outcome.Failure?.Kind);
        Assert.DoesNotContain("A page failed", admin.Log, StringComparison.Ordinal);
    }

    private static async Task<(string Id, string Secret)> CreateAsync(RunningAdmin admin, string role)
    {
        var answer = await admin.Http.SendJsonAsync(HttpMethod.Post, "admin-keys", $$"""{"name":"{{role}}","role":"{{role}}"}""");
        var made = await answer.JsonAsync();
        return ((string)made["id"]!, (string)made["key"]!);
    }

    // As a page is opened: with whom the cookie named.
    private static async Task<CircuitSession> OpenAsync(IServiceScope scope, string key)
    {
        var services = scope.ServiceProvider;
        var holder = await services.GetRequiredService<AdminKeyring>().FindHolderAsync(key, Cancelled);
        var session = UserSession.Begin(holder!.Identity, holder.Source, services.GetRequiredService<TimeProvider>().GetUtcNow());
        var circuit = services.GetRequiredService<CircuitSession>();
        circuit.SetAuthenticationState(Task.FromResult(new AuthenticationState(session.ToPrincipal(SessionCookie.SchemeName))));
        await services.GetRequiredService<AdminSession>().StartAsync();
        return circuit;
    }
}
