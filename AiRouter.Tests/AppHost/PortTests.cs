using System.Net;
using System.Net.Sockets;
using AiRouter.AppHost;
using AiRouter.AppHost.Health;
using AiRouter.AppHost.Machines;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Topology;
using AiRouter.AppHost.Workspaces;

namespace AiRouter.Tests.AppHost;

public sealed class PortTests
{
    [Fact]
    public async Task Port_in_use_is_one_clear_sentence_before_anything_starts()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var (topology, error) = await Launch.PrepareAsync(
            new LaunchOptions
            {
                Port = port,
                TritonBacking = TritonBacking.External,
                Triton = new Uri("http://127.0.0.1:1"),
                RedisBacking = RedisBacking.External,
                Redis = "localhost:1",
            },
            new Workspace("/nowhere"),
            Machine.WithoutAspire,
            TestContext.Current.CancellationToken);

        Assert.Null(topology);
        Assert.Equal($"api cannot start: port {port} is in use (choose another with --port N)", error);
    }

    [Fact]
    public void Address_of_another_machine_is_said_to_be_one() => Assert.Equal(
        "192.0.2.1 is no address of this machine (choose another with --listen ADDR)",
        Port.Obstacle(new Uri("http://192.0.2.1:3000"), "--port"));
}
