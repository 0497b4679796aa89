using System.Net;
using AiRouter.AppHost;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Topology;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.AppHost;

/// <summary>What the user reads when everything is healthy. That its lines work when they are pasted is in <see cref="RunTests"/>.</summary>
public sealed class AnnouncementTests
{
    private static readonly RunFiles _files = new("/c/airouter.yaml", "/c/data", "store-password", "admin-key", "/c/admin-key");

    [Fact]
    public void Processes_of_ours_are_announced_with_what_is_simulated() => Golden.Equal(
        "announcement-processes.txt",
        Of(new LaunchOptions(), new Backings(TritonBacking.Simulator, RedisBacking.Embedded)));

    [Fact]
    public void Containers_are_announced_with_what_goes_on_afterwards() => Golden.Equal(
        "announcement-containers.txt",
        Of(new LaunchOptions(), new Backings(TritonBacking.Container, RedisBacking.Container, "/models")));

    [Fact]
    public void Servers_of_the_users_and_a_router_for_everybody_are_announced_with_the_need_for_keys() => Golden.Equal(
        "announcement-external.txt",
        Of(
            new LaunchOptions { Triton = new Uri("http://gpu-1:8001"), Redis = "redis-1,password=secret", Listen = IPAddress.Any },
            new Backings(TritonBacking.External, RedisBacking.External)));

    [Fact]
    public void Secrets_are_told_nowhere()
    {
        var texts = new[] { _files, _files with { AdminKeyFile = null } }.Select(static files => Announcement.For(
            RouterTopology.Of(new LaunchOptions(), new Backings(TritonBacking.Simulator, RedisBacking.Embedded), files)));

        Assert.All(texts, static text => Assert.DoesNotContain("store-password", text, StringComparison.Ordinal));
        Assert.All(texts, static text => Assert.DoesNotContain(" admin-key", text, StringComparison.Ordinal));
    }

    private static string Of(LaunchOptions options, Backings backings) =>
        Announcement.For(RouterTopology.Of(options, backings, _files));
}
