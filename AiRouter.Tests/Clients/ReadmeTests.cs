using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Clients;

/// <summary>What README.md shows to try is answered, with the sample configuration.</summary>
public sealed partial class ReadmeTests(ClientServers servers)
{
    private const string Root = "http://127.0.0.1:3000/v1/";

    [Fact]
    public async Task Requests_to_try_are_answered()
    {
        var triton = await servers.TritonAsync();
        await using var router = await RunningRouter.StartAsync(
            Checkout.Read("airouter.yaml").Replace("http://localhost:8001", triton.Address.ToString(), StringComparison.Ordinal));
        var section = Section().Match(Checkout.Read("README.md")).Value;
        var lines = Line().Matches(section);
        Assert.Equal(section.Split("curl ").Length - 1, lines.Count);

        foreach (Match line in lines)
        {
            var body = line.Groups["body"];
            using var request = new HttpRequestMessage(
                body.Success ? HttpMethod.Post : HttpMethod.Get, line.Groups["url"].Value[Root.Length..])
            {
                Content = body.Success ? new StringContent(body.Value, Encoding.UTF8, "application/json") : null,
            };
            using var answer = await router.Http.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{line.Value}: {answer.StatusCode}");
        }
    }

    [GeneratedRegex("## Try it.*?## ", RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^curl (?<url>http://127\.0\.0\.1:3000/v1/\S+)(?:[^\n]*\\\n\s+-d '(?<body>[^']*)')?$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
