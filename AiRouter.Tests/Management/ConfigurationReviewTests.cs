using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Administration;
using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;
using AiRouter.Core.Stores.Replicas;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Management;

/// <summary>What people are shown of the document before they change it, and of what was changed.</summary>
public sealed class ConfigurationReviewTests(StoreServers servers)
{
    private const string Secret = "sk-very-secret-1234";

    private static readonly AdminIdentity Ann = new("ann", AdminRole.Admin, false);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_a_save_would_refuse_is_told_at_once_with_its_place()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();

        var review = await ReviewAsync(
            admin,
            """
            backends:
              up: { url: http://up/v1, apiKey: sk-mine }
            models:
              m:
                targets:
                  - { backend: upp }
                maxn: 3
            defaults: { chat: nobody }
            """,
            new AdminIdentity("eve", AdminRole.Editor, false));

        Assert.Equal(
            [
                ("backends.up.apiKey", 2), ("backends.up.apiKey", 2), ("models.m.targets[0].backend", 6), ("models.m.maxn", 7), ("defaults.chat", 8),
            ],
            review.Problems.Select(static p => (p.Path, p.Place?.Line ?? 0)));
        Assert.Contains(review.Problems, static p => p.Message.Contains("AIROUTER_ENCRYPTION_KEY", StringComparison.Ordinal));
        Assert.Contains(review.Problems, static p => p.Message.Contains("needs the role admin", StringComparison.Ordinal));
        Assert.DoesNotContain("sk-mine", review.Change!.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_is_no_yaml_has_a_place_and_no_change()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);

        var review = await ReviewAsync(admin, "models:\n  m: {}\n bad");

        Assert.Equal(new TextPlace(3, 2), Assert.Single(review.Problems).Place);
        Assert.Null(review.Change);
    }

    [Fact]
    public async Task Change_is_shown_without_credentials_and_says_which_are_replaced()
    {
        await using var admin = await RunningAdmin.StartAsync(servers, ("AIROUTER_ENCRYPTION_KEY", Convert.ToBase64String(new byte[32])));
        await SaveAsync(admin, Yaml($"apiKey: {Secret}", "headers: { X-Api-Key: sk-second, X-Team: a }"));

        var same = await ReviewAsync(admin, Yaml("apiKey: set", "headers: { X-Api-Key: set, X-Team: set }"));
        var other = await ReviewAsync(admin, Yaml("apiKey: sk-another-one", "headers: { X-Api-Key: set, X-Team: b, X-New: c }"));

        Assert.Empty(same.Problems);
        Assert.Equal(same.Change!.Before, same.Change.After);
        Assert.Empty(same.Differences);
        Assert.Equal(
            same.Change.Before.Replace("apiKey: set", "apiKey: \"set (changed)\"", StringComparison.Ordinal)
                .Replace("X-Team: set", "X-New: set\n      X-Team: \"set (changed)\"", StringComparison.Ordinal),
            other.Change!.After);
        Assert.DoesNotContain("sk-", other.Change.Before + other.Change.After + other.Standing.Yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-", string.Concat(other.Differences), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Field_that_an_environment_sets_is_told_before_the_save()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        await admin.Services.GetRequiredService<ReplicaDirectory>().ReportAsync(
            new ReplicaReport
            {
                Id = "r",
                Role = "api",
                Host = "h",
                Started = DateTimeOffset.UtcNow,
                Locks = [new ConfigurationLock("server.maxBodyMiB", "AIROUTER__SERVER__MAXBODYMIB")],
            },
            Cancelled);

        var review = await ReviewAsync(admin, Yaml("timeouts: { idle: 10 }", "maxRequestsPerReplica: 7") + "\nserver: { maxBodyMiB: 7 }");

        var problem = Assert.Single(review.Problems);
        Assert.Equal(("server.maxBodyMiB", 8), (problem.Path, problem.Place!.Value.Line));
        Assert.Contains("AIROUTER__SERVER__MAXBODYMIB", problem.Message, StringComparison.Ordinal);
        Assert.Equal("server.maxBodyMiB", Assert.Single(review.Standing.Locks).Path);
    }

    [Fact]
    public async Task What_a_version_changed_is_shown_by_its_texts()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync("http://127.0.0.1:1/v1");
        await admin.PutConfigurationAsync("http://127.0.0.1:2/v1");
        var reviews = admin.Services.GetRequiredService<ConfigurationReview>();

        var first = (await reviews.ChangeOfAsync(1, Cancelled)).Value!;
        var second = (await reviews.ChangeOfAsync(2, Cancelled)).Value!;

        Assert.Equal("", first.Before);
        Assert.Equal((first.After, false), (second.Before, second.IsWhole));
        Assert.Contains("http://127.0.0.1:2/v1", second.After, StringComparison.Ordinal);
        Assert.Equal(FailureKind.NotFound, (await reviews.ChangeOfAsync(9, Cancelled)).Failure!.Kind);
    }

    [Fact]
    public async Task Rollback_is_shown_before_it_is_made_and_leaves_declared_keys()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var hash = "sha256:" + new string('a', 64);
        await admin.PutConfigurationAsync("http://127.0.0.1:1/v1", $$""","keys":[{"name":"gone","hash":"{{hash}}"}]""");
        await admin.PutConfigurationAsync("http://127.0.0.1:2/v1");

        var review = (await admin.Services.GetRequiredService<ConfigurationReview>().ReviewRollbackAsync(1, Cancelled)).Value!;

        Assert.Equal("backends.up.url", Assert.Single(review.Differences).Path);
        Assert.Equal(2, review.Standing.Version);
        Assert.DoesNotContain("gone", review.Change!.After, StringComparison.Ordinal);
        Assert.Empty(review.Problems);
    }

    [Fact]
    public async Task What_keeps_people_from_changing_it_is_said()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var reviews = admin.Services.GetRequiredService<ConfigurationReview>();
        var none = (await reviews.StandingAsync(Cancelled)).Value!;
        Assert.Equal((false, FailureKind.NotFound, ""), (none.IsStored, none.Missing!.Kind, none.Yaml));

        await admin.PutConfigurationAsync();
        var open = (await reviews.StandingAsync(Cancelled)).Value!;
        Assert.Equal((1, "environment", true), (open.Version, open.By, open.ReadOnly is null && open.Missing is null));

        await admin.Services.GetRequiredService<IConfigurationStore>().RuleAsync(new ConfigurationRuler("airouter.yaml", "host"), "replica", Cancelled);
        var ruled = (await reviews.StandingAsync(Cancelled)).Value!;
        Assert.Contains("airouter.yaml", ruled.ReadOnly!.Detail, StringComparison.Ordinal);
    }

    private static string Yaml(string first, string second) =>
        $"""
        backends:
          up:
            url: http://up/v1
            {first}
            {second}
        models:
          m: {"{ targets: [ { backend: up } ] }"}
        """;

    private static async Task SaveAsync(RunningAdmin admin, string yaml) =>
        Assert.Null((await admin.Services.GetRequiredService<ConfigurationEditor>().SaveAsync(
            new ConfigurationEdit(Ann, _ => WrittenConfiguration.OfYaml(yaml, "test").Config!) { IsWhole = true }, Cancelled)).Failure);

    private static async Task<DocumentReview> ReviewAsync(RunningAdmin admin, string yaml, AdminIdentity? by = null) =>
        (await admin.Services.GetRequiredService<ConfigurationReview>().ReviewAsync(WrittenConfiguration.OfYaml(yaml, "text"), by ?? Ann, Cancelled))
        .Value!;
}
