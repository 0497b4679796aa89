using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Stores;

public sealed class RedisStoreTests(StoreServers servers)
{
    private static readonly StoreScript Probe = new("Stores/probe.lua");

    [Theory, EveryStore]
    public async Task Script_runs_with_the_clock_of_the_store(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);

        var now = (long)await store.RunAsync(
            Probe, [store.Key("probe")], [], StoreDeadlines.Background, TestContext.Current.CancellationToken);

        Assert.True(store.IsAvailable);
        Assert.InRange(
            now, DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds(), DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds());
    }

    [Theory, EveryStore]
    public async Task What_a_script_changes_can_be_read(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        await store.RunAsync(Probe, [store.Key("mark")], [], StoreDeadlines.Background, TestContext.Current.CancellationToken);

        Assert.Equal(
            "x", await store.GetAsync(store.Key("mark"), StoreDeadlines.Background, TestContext.Current.CancellationToken));
        Assert.True(
            (await store.GetAsync(store.Key("other"), StoreDeadlines.Background, TestContext.Current.CancellationToken)).IsNull);
    }

    [Theory]
    [InlineData("redis:6379,password=s3cret,nonsense=1")]
    [InlineData("redis:6379,password=half,s3cret=half")]
    [InlineData("redis:6379,ssl=s3cret")]
    [InlineData("password=s3cret")]
    public void Connection_string_that_is_wrong_is_refused_without_repeating_it(string connectionString)
    {
        var refusal = Assert.Throws<FormatException>(() => new RedisStore(
            new RedisStoreOptions { ConnectionString = connectionString }, TimeProvider.System, NullLogger<RedisStore>.Instance));

        Assert.StartsWith("ConnectionStrings__redis ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Authority_file_that_is_not_there_is_named()
    {
        var options = new RedisStoreOptions { ConnectionString = "redis:6379", CertificateAuthorityFile = "missing.pem" };

        var refusal = Assert.Throws<FormatException>(
            () => new RedisStore(options, TimeProvider.System, NullLogger<RedisStore>.Instance));

        Assert.StartsWith("AIROUTER_STORE_CA_FILE: missing.pem ", refusal.Message, StringComparison.Ordinal);
    }
}
