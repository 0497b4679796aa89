using System.Net;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Topology;

namespace AiRouter.Tests.AppHost;

/// <summary>Both forms of the AppHost take their names, ports and environment from this description, so this is the test for both.</summary>
public sealed class RouterTopologyTests
{
    private static readonly Backings _processes = new(TritonBacking.Simulator, RedisBacking.Embedded);
    private static readonly RunFiles _files = new("/c/airouter.yaml", "/c/data", "store-password", "admin-key", "/c/admin-key", "encryption-key");

    [Fact]
    public void Store_simulator_router_and_Admin_have_the_documented_names_ports_and_environment()
    {
        const string Redis = "127.0.0.1:3002,password=store-password";
        var topology = RouterTopology.Of(new LaunchOptions(), _processes, _files);

        Assert.Collection(
            topology.Processes,
            static redis => AssertProcess(
                redis,
                ("redis", "AiRouter.EmbeddedRedis", "tcp", "redis://127.0.0.1:3002"),
                new()
                {
                    ["AIROUTER_DATA"] = "/c/data",
                    ["AIROUTER_REDIS_PASSWORD"] = "store-password",
                    ["AIROUTER_REDIS_PORT"] = "3002",
                }),
            static triton => AssertProcess(
                triton,
                ("triton", "AiRouter.TritonSimulator", "grpc", "http://127.0.0.1:8001"),
                new() { ["ASPNETCORE_URLS"] = "http://127.0.0.1:8001" }),
            static api => AssertProcess(
                api,
                ("api", "AiRouter.Api", "http", "http://127.0.0.1:3000"),
                new()
                {
                    ["AIROUTER_CONFIG"] = "/c/airouter.yaml",
                    ["AIROUTER_CONFIG_MODE"] = "seed",
                    ["AIROUTER_DATA"] = "/c/data",
                    ["AIROUTER_ENCRYPTION_KEY"] = "encryption-key",
                    ["ASPNETCORE_URLS"] = "http://127.0.0.1:3000",
                    ["ConnectionStrings__redis"] = Redis,
                    ["services__triton__grpc__0"] = "http://127.0.0.1:8001",
                }),
            static admin => AssertProcess(
                admin,
                ("admin", "AiRouter.Admin", "http", "http://127.0.0.1:3001"),
                new()
                {
                    ["AIROUTER_ADMIN_KEY"] = "admin-key",
                    ["AIROUTER_CONFIG"] = "/c/airouter.yaml",
                    ["AIROUTER_ENCRYPTION_KEY"] = "encryption-key",
                    ["ASPNETCORE_URLS"] = "http://127.0.0.1:3001",
                    ["ConnectionStrings__redis"] = Redis,
                    ["services__api__http__0"] = "http://127.0.0.1:3000",
                }));
    }

    [Fact]
    public void Redis_of_the_users_is_referred_to_and_not_started()
    {
        var topology = RouterTopology.Of(
            new LaunchOptions { Redis = "redis-1:6379,password=own" }, _processes with { Redis = RedisBacking.External }, _files);

        Assert.Null(topology.Store);
        Assert.Equal(["triton", "api", "admin"], topology.Processes.Select(static process => process.Name));
        Assert.Equal("redis-1:6379,password=own", topology.Api.Environment["ConnectionStrings__redis"]);
        Assert.Equal("redis-1:6379,password=own", topology.Admin.Environment["ConnectionStrings__redis"]);
    }

    [Fact]
    public void File_of_the_users_rules_and_the_copy_of_the_sample_only_begins()
    {
        static string Mode(LaunchOptions options) =>
            RouterTopology.Of(options, _processes, _files).Api.Environment["AIROUTER_CONFIG_MODE"];

        Assert.Equal("seed", Mode(new LaunchOptions()));
        Assert.Equal("gitops", Mode(new LaunchOptions { ConfigFile = "own.yaml" }));
        Assert.Equal("gitops", Mode(new LaunchOptions { Triton = new Uri("http://gpu-1:8001") }));
        Assert.Equal("seed", Mode(new LaunchOptions { Triton = new Uri("http://gpu-1:8001"), SeedFile = "own.yaml" }));
    }

    [Fact]
    public void Triton_of_the_users_is_referred_to_and_not_started()
    {
        var topology = RouterTopology.Of(
            new LaunchOptions { Triton = new Uri("https://gpu-1:9001") },
            _processes with { Triton = TritonBacking.External },
            _files);

        Assert.Null(topology.Simulator);
        Assert.Equal(["redis", "api", "admin"], topology.Processes.Select(static process => process.Name));
        Assert.Equal("https://gpu-1:9001", topology.Api.Environment["services__triton__grpc__0"]);
    }

    [Fact]
    public void Containers_take_the_place_of_the_simulator_and_of_the_embedded_store()
    {
        var topology = RouterTopology.Of(
            new LaunchOptions(), new Backings(TritonBacking.Container, RedisBacking.Container, "/models"), _files);

        Assert.Equal(["api", "admin"], topology.Processes.Select(static process => process.Name));
        Assert.Equal((new Uri("http://127.0.0.1:8001"), 3003), (topology.Triton, topology.StorePort));
        Assert.Equal("http://127.0.0.1:8001", topology.Api.Environment["services__triton__grpc__0"]);
    }

    [Fact]
    public void Listen_opens_the_router_and_leaves_the_others_on_loopback()
    {
        var topology = RouterTopology.Of(new LaunchOptions { Listen = IPAddress.IPv6Any, Port = 80 }, _processes, _files);

        Assert.Equal("http://[::]", topology.Api.Environment["ASPNETCORE_URLS"]);
        Assert.Equal("http://127.0.0.1:8001", topology.Simulator!.Environment["ASPNETCORE_URLS"]);
        Assert.Equal("http://127.0.0.1:3001", topology.Admin.Environment["ASPNETCORE_URLS"]);
        Assert.Equal("http://[::1]", topology.Admin.Environment["services__api__http__0"]);
    }

    [Fact]
    public void Another_port_for_the_simulator_reaches_the_sample_configuration_and_no_other()
    {
        const string Override = "AIROUTER__BACKENDS__TRITON__URL";
        var options = new LaunchOptions { TritonPort = 9001 };

        Assert.Equal("http://127.0.0.1:9001", RouterTopology.Of(options, _processes, _files).Api.Environment[Override]);
        Assert.DoesNotContain(
            Override, RouterTopology.Of(options with { ConfigFile = "own.yaml" }, _processes, _files).Api.Environment);
    }

    private static void AssertProcess(
        ResourceProcess process,
        (string Name, string Project, string EndpointName, string Endpoint) expected,
        Dictionary<string, string> environment)
    {
        Assert.Equal(
            expected,
            (process.Name, process.Project, process.EndpointName, process.Endpoint.ToString().TrimEnd('/')));
        Assert.Equal(environment, process.Environment);
    }
}
