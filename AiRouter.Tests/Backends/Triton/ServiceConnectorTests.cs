using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AiRouter.Api.Backends.Triton;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace AiRouter.Tests.Backends.Triton;

public sealed class ServiceConnectorTests
{
    [Fact]
    public async Task Service_name_leads_to_its_endpoints_in_turn()
    {
        using var first = Listen(out var firstPort);
        using var second = Listen(out var secondPort);
        await using var services = Services(new()
        {
            ["Services:triton:http:0"] = $"127.0.0.1:{firstPort}",
            ["Services:triton:http:1"] = $"127.0.0.1:{secondPort}",
        });
        var connector = new ServiceConnector(services.GetRequiredService<ServiceEndpointResolver>());

        for (var i = 0; i < 2; i++)
        {
            await using var stream = await connector.ConnectAsync(
                new DnsEndPoint("triton", 8001), TestContext.Current.CancellationToken);
        }

        Assert.True(first.Pending());
        Assert.True(second.Pending());
    }

    /// <summary>What Aspire, <c>compose.yaml</c> and the manifests say, and <c>http://_grpc.triton</c> in the configuration.</summary>
    [Theory]
    [InlineData("http://127.0.0.1:{0}")]
    [InlineData("http://localhost:{0}")]
    [InlineData("127.0.0.1:{0}")]
    public async Task Named_endpoint_leads_to_the_address_that_is_set(string setting)
    {
        using var listener = Listen(out var port);
        await using var services = Services(new()
        {
            ["Services:triton:http:0"] = "http://127.0.0.1:1",
            ["Services:triton:grpc:0"] = string.Format(CultureInfo.InvariantCulture, setting, port),
        });
        var connector = new ServiceConnector(services.GetRequiredService<ServiceEndpointResolver>());

        await using var stream = await connector.ConnectAsync(
            new DnsEndPoint("_grpc.triton", 80), TestContext.Current.CancellationToken);

        Assert.True(listener.Pending());
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task Host_that_is_no_service_is_connected_to_as_it_is(string host)
    {
        using var listener = Listen(out var port);
        await using var services = Services([]);
        var connector = new ServiceConnector(services.GetRequiredService<ServiceEndpointResolver>());

        await using var stream = await connector.ConnectAsync(
            new DnsEndPoint(host, port), TestContext.Current.CancellationToken);

        Assert.True(listener.Pending());
    }

    private static ServiceProvider Services(Dictionary<string, string?> settings) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
        .AddLogging()
        .AddServiceDiscovery()
        .BuildServiceProvider();

    private static TcpListener Listen(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }
}
