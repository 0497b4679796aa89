using AiRouter.Benchmarks.Processes;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Stores;

/// <summary>The ways to reach a Redis that docs/store.md names.</summary>
public sealed class ConnectionTests
{
    private static readonly StoreScript Probe = new("Stores/probe.lua");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task User_with_the_rights_of_the_documentation_has_all_that_is_needed()
    {
        await using var server = await RedisServer.StartAsync(
            "--user", "airouter", "on", ">user-password", "~{airouter}:*", "&{airouter}:*", "+@all", "-@admin", "-@dangerous", "+info");
        await using var store = await OpenAsync($"127.0.0.1:{server.Port},user=airouter,password=user-password");

        await AssertWorksAsync(store);
    }

    [Fact]
    public async Task Certificate_of_an_authority_of_ones_own_is_trusted_when_it_is_given()
    {
        using var certificate = new LocalhostCertificate();
        var port = LoopbackPort.Free();
        await using var server = await RedisServer.StartAsync(
            "--tls-port", $"{port}", "--tls-cert-file", certificate.File, "--tls-key-file", certificate.File,
            "--tls-ca-cert-file", certificate.File, "--tls-auth-clients", "no");
        var connectionString = $"127.0.0.1:{port},password={StoreServer.Password},ssl=true,sslHost=localhost";

        await using (var store = await OpenAsync(connectionString, certificate.File))
        {
            await AssertWorksAsync(store);
        }

        await AssertUntrustedAsync(connectionString, null);
        await AssertUntrustedAsync(connectionString.Replace("sslHost=localhost", "sslHost=example.com", StringComparison.Ordinal), certificate.File);
    }

    [Fact]
    public async Task Sentinel_says_which_server_it_is_after_a_failover_too()
    {
        await using var primary = await RedisServer.StartAsync("--masterauth", StoreServer.Password);
        await using var replica = await RedisServer.StartAsync(
            "--replicaof", "127.0.0.1", $"{primary.Port}", "--masterauth", StoreServer.Password);
        await using var sentinel = await RedisSentinel.StartAsync("airouter", primary.Port);
        await using var store = await OpenAsync($"127.0.0.1:{sentinel.Port},serviceName=airouter,password={StoreServer.Password}");
        await AssertWorksAsync(store);
        await sentinel.KnowsAReplicaAsync("airouter");

        await primary.KillAsync();
        await Eventually.HoldsAsync(() => HasWrittenAsync(store, "after"));

        Assert.Equal("x", (string?)await replica.ExecuteAsync("GET", store.Key("after")));
        await AssertWorksAsync(store);
    }

    [Fact]
    public async Task Sentinel_that_is_away_at_the_start_is_asked_again()
    {
        await using var primary = await RedisServer.StartAsync();
        await using var sentinel = await RedisSentinel.StartAsync("airouter", primary.Port);
        await sentinel.KillAsync();
        await using var store = new RedisStore(
            new RedisStoreOptions { ConnectionString = $"127.0.0.1:{sentinel.Port},serviceName=airouter,password={StoreServer.Password}" },
            TimeProvider.System, NullLogger<RedisStore>.Instance);
        await store.StartAsync(Stop);
        Assert.False(store.IsAvailable);

        await sentinel.StartAgainAsync();

        await Eventually.HoldsAsync(() => store.IsAvailable);
        await AssertWorksAsync(store);
    }

    [Fact]
    public async Task Cluster_runs_each_script_in_one_slot()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await using var store = await OpenAsync(cluster.ConnectionString);

        await AssertWorksAsync(store);
    }

    private static async Task<bool> HasWrittenAsync(RedisStore store, string name)
    {
        try
        {
            await store.RunAsync(Probe, [store.Key(name)], [], StoreDeadlines.Request, Stop);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private static async Task<RedisStore> OpenAsync(string connectionString, string? authorityFile = null)
    {
        var options = new RedisStoreOptions { ConnectionString = connectionString, CertificateAuthorityFile = authorityFile };
        var store = new RedisStore(options, TimeProvider.System, NullLogger<RedisStore>.Instance);
        await store.StartAsync(Stop);
        Assert.True(store.IsAvailable, store.Problem);
        return store;
    }

    private static async Task AssertUntrustedAsync(string connectionString, string? authorityFile)
    {
        var options = new RedisStoreOptions { ConnectionString = connectionString, CertificateAuthorityFile = authorityFile };
        await using var store = new RedisStore(options, TimeProvider.System, NullLogger<RedisStore>.Instance);
        await store.StartAsync(Stop);
        await Eventually.HoldsAsync(() => store.Problem == "its certificate is not trusted, or it does not speak TLS");
    }

    // A script with several keys, a read and news.
    private static async Task AssertWorksAsync(RedisStore store)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = store.Subscribe(store.Key("news"), _ => heard.TrySetResult());
        await store.RunAsync(
            Probe, [store.Key("mark"), store.Key("b"), store.Key("c")], [], StoreDeadlines.Background, Stop);
        Assert.Equal("x", await store.GetAsync(store.Key("mark"), StoreDeadlines.Background, Stop));
        await Eventually.HoldsAsync(async () =>
        {
            await store.PublishAsync(store.Key("news"), "x", StoreDeadlines.Background, Stop);
            return heard.Task.IsCompleted;
        });
    }
}
