using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Management;

/// <summary>No web page of others reaches Admin, whatever its name resolves to.</summary>
public sealed class BrowserGuardTests(StoreServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "evil.example:3001")]
    [InlineData("Host", "127.0.0.1.nip.io")]
    [InlineData("Host", "10.0.0.1")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "http://localhost:1")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task Others_are_refused_even_with_a_key(string header, string value)
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var request = new HttpRequestMessage(HttpMethod.Get, "keys");
        request.Headers.TryAddWithoutValidation(header, value);

        await admin.Http.SendAsync(request, Cancelled).IsProblemAsync(403, "forbidden");
    }

    [Fact]
    public async Task Names_of_this_machine_and_the_listed_ones_are_answered()
    {
        await using var admin = await RunningAdmin.StartAsync(servers, ("AIROUTER_ADMIN_HOSTS", "admin.example.com, other.example"));
        foreach (var host in (string[])["localhost", "127.0.0.1:3001", "[::1]:3001", "LOCALHOST:99", "admin.example.com", "Other.Example:443"])
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "keys") { Headers = { Host = host } };
            Assert.Equal(200, (int)(await admin.Http.SendAsync(request, Cancelled)).StatusCode);
        }
    }

    [Fact]
    public async Task No_answer_lets_another_origin_read_it()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var preflight = new HttpRequestMessage(HttpMethod.Options, "keys");
        preflight.Headers.Add("Origin", "https://evil.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");

        var answer = await admin.Http.SendAsync(preflight, Cancelled);

        Assert.Equal(403, (int)answer.StatusCode);
        Assert.DoesNotContain(answer.Headers, static h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }
}
