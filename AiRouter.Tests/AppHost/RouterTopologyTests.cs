using System.Net;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Topology;

namespace AiRouter.Tests.AppHost;

/// <summary>Both forms of the AppHost take their names, ports and environment from this description, so this is the test for both.</summary>
public sealed class RouterTopologyTests
{
    [Fact]
    public void Simulator_and_router_have_the_documented_names_ports_and_environment()
    {
        var topology = RouterTopology.Of(new LaunchOptions(), "/c/airouter.yaml", "/c/data");

        Assert.Collection(
            topology.Processes,
            static triton =>
            {
                Assert.Equal(("triton", "AiRouter.TritonSimulator"), (triton.Name, triton.Project));
                Assert.Equal(("grpc", new Uri("http://127.0.0.1:8001")), (triton.EndpointName, triton.Endpoint));
                Assert.Equal([new("ASPNETCORE_URLS", "http://127.0.0.1:8001")], triton.Environment);
            },
            static api =>
            {
                Assert.Equal(("api", "AiRouter.Api"), (api.Name, api.Project));
                Assert.Equal(("http", new Uri("http://127.0.0.1:3000")), (api.EndpointName, api.Endpoint));
                Assert.Equal(
                    new Dictionary<string, string>
                    {
                        ["AIROUTER_CONFIG"] = "/c/airouter.yaml",
                        ["AIROUTER_DATA"] = "/c/data",
                        ["ASPNETCORE_URLS"] = "http://127.0.0.1:3000",
                        ["services__triton__grpc__0"] = "http://127.0.0.1:8001",
                    },
                    api.Environment);
            });
    }

    [Fact]
    public void Triton_of_the_users_is_referred_to_and_not_started()
    {
        var topology = RouterTopology.Of(new LaunchOptions { Triton = new Uri("https://gpu-1:9001") }, "x", "d");

        Assert.Equal(TritonBacking.External, topology.Backing);
        Assert.Equal("api", Assert.Single(topology.Processes).Name);
        Assert.Equal("https://gpu-1:9001", topology.Api.Environment["services__triton__grpc__0"]);
    }

    [Fact]
    public void Model_repository_means_a_container_at_the_same_address()
    {
        var topology = RouterTopology.Of(new LaunchOptions { ModelRepository = "/models" }, "x", "d");

        Assert.Equal((TritonBacking.Container, new Uri("http://127.0.0.1:8001")), (topology.Backing, topology.Triton));
        Assert.Null(topology.Simulator);
    }

    [Fact]
    public void Listen_opens_the_router_and_leaves_the_simulator_on_loopback()
    {
        var topology = RouterTopology.Of(new LaunchOptions { Listen = IPAddress.IPv6Any, Port = 80 }, "x", "d");

        Assert.Equal("http://[::]", topology.Api.Environment["ASPNETCORE_URLS"]);
        Assert.Equal("http://127.0.0.1:8001", topology.Simulator!.Environment["ASPNETCORE_URLS"]);
    }

    [Fact]
    public void Another_port_for_the_simulator_reaches_the_sample_configuration_and_no_other()
    {
        const string Override = "AIROUTER__BACKENDS__TRITON__URL";
        var options = new LaunchOptions { TritonPort = 9001 };

        Assert.Equal("http://127.0.0.1:9001", RouterTopology.Of(options, "x", "d").Api.Environment[Override]);
        Assert.DoesNotContain(
            Override, RouterTopology.Of(options with { ConfigFile = "own.yaml" }, "own.yaml", "d").Api.Environment);
    }
}
