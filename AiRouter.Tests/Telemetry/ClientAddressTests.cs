using System.Net;
using AiRouter.Api.Telemetry;
using Microsoft.AspNetCore.Http;

namespace AiRouter.Tests.Telemetry;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("203.0.113.9", "198.51.100.1", "203.0.113.9")] // nobody trusted: the header is the client's own tale
    [InlineData("10.0.0.1", "198.51.100.1", "198.51.100.1", "10.0.0.0/8")]
    [InlineData("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2", "198.51.100.1", "10.0.0.0/8")]
    [InlineData("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "nonsense", "10.0.0.1", "10.0.0.0/8")]
    [InlineData("10.0.0.1", null, "10.0.0.1", "10.0.0.0/8")]
    public void R4_address_behind_trusted_proxies_is_the_nearest_untrusted_one(
        string connection, string? forwardedFor, string expected, params string[] trusted)
    {
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(connection) } };
        if (forwardedFor is not null)
        {
            http.Request.Headers["X-Forwarded-For"] = forwardedFor;
        }

        Assert.Equal(expected, ClientAddress.Of(http, trusted)!.ToString());
    }
}
