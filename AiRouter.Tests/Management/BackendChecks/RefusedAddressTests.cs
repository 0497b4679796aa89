using System.Net;
using AiRouter.Admin.Management.BackendChecks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace AiRouter.Tests.Management.BackendChecks;

/// <summary>R6: nothing is sent to addresses that hand out credentials.</summary>
public sealed class RefusedAddressTests
{
    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.170.2")]
    [InlineData("169.254.0.1")]
    [InlineData("fe80::1")]
    [InlineData("febf::1")]
    [InlineData("fe80::1%3")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd20:ce::254")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("192.0.0.192")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("::ffff:0.0.0.0")]
    public void R6_Address_is_refused(string address) => Assert.NotNull(RefusedAddresses.WhatIs(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("10.0.0.7")]
    [InlineData("192.168.1.1")]
    [InlineData("fd12::7")]
    [InlineData("1.1.1.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:10.0.0.7")]
    [InlineData("100.100.100.201")]
    public void Address_of_a_server_is_not(string address) => Assert.Null(RefusedAddresses.WhatIs(IPAddress.Parse(address)));

    [Fact]
    public async Task R6_Name_that_leads_elsewhere_the_second_time_leads_to_the_address_that_was_looked_at()
    {
        var asked = 0;
        var connector = new CheckedConnector(
            null, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(asked++ == 0 ? "127.0.0.1" : "169.254.169.254")]));
        var token = TestContext.Current.CancellationToken;

        var first = await connector.ResolveAsync("rebinds.example", 80, token);
        var second = await connector.ResolveAsync("rebinds.example", 80, token);

        Assert.Same(first, second);
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData("_grpc.triton")]
    [InlineData("triton")]
    public async Task Service_leads_to_its_address_and_one_that_is_refused_is_refused(string host)
    {
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["services:triton:grpc:0"] = "http://triton-1.example:9001",
                ["services:triton:http:0"] = "http://triton-1.example:9001",
            }).Build())
            .AddLogging()
            .AddServiceDiscovery()
            .BuildServiceProvider();
        var resolver = services.GetRequiredService<ServiceEndpointResolver>();
        var token = TestContext.Current.CancellationToken;

        var found = await new CheckedConnector(resolver, Leads("10.0.0.7")).ResolveAsync(host, 80, token);

        Assert.Equal([new IPEndPoint(IPAddress.Parse("10.0.0.7"), 9001)], found);
        await Assert.ThrowsAsync<AddressRefusedException>(
            () => new CheckedConnector(resolver, Leads("169.254.169.254")).ResolveAsync(host, 80, token));

        static Func<string, CancellationToken, Task<IPAddress[]>> Leads(string to) => (name, _) =>
            Task.FromResult<IPAddress[]>(name == "triton-1.example" ? [IPAddress.Parse(to)] : []);
    }

    [Fact]
    public async Task R6_One_refused_address_among_others_refuses_the_name()
    {
        var connector = new CheckedConnector(
            null, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("169.254.169.254")]));

        var refused = await Assert.ThrowsAsync<AddressRefusedException>(
            () => connector.ResolveAsync("two.example", 80, TestContext.Current.CancellationToken));

        Assert.Contains("169.254.169.254, a link-local address", refused.Message, StringComparison.Ordinal);
    }
}
