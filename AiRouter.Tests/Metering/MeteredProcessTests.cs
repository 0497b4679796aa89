using System.Text;
using AiRouter.Core.Metering;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Metering;

/// <summary>Metering in the Api as it is published.</summary>
public sealed class MeteredProcessTests(StoreServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_routers_write_what_is_left_when_they_are_stopped()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(
            """{"id":"c1","object":"chat.completion","model":"m","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}""");
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        var environment = new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG_YAML"] = Yaml(upstream.Url),
            ["ConnectionStrings__redis"] = await servers.ConnectionStringAsync(StoreKind.Redis),
            ["AIROUTER_STORE_PREFIX"] = store.Key("")[1..^2],
        };
        var one = await ApiProcess.StartAsync(environment);
        var two = await ApiProcess.StartAsync(environment);
        await using (one.Process)
        await using (two.Process)
        using (one.Http)
        using (two.Http)
        {
            await AskAsync(one.Http);
            await AskAsync(two.Http);
            await AskAsync(two.Http);
            await Task.WhenAll(one.Process.StopAsync(Token), two.Process.StopAsync(Token));
        }

        using var reader = new MeteredReplica(store);
        var row = Assert.Single(await reader.ReadAsync(TimeProvider.System.GetUtcNow(), UsageDimension.Model, UsageDimension.Backend));
        Assert.Equal(("m", "b", 3, 21, 9), (row.Model, row.Backend, row.Requests[UsageOutcomes.Ok], row.InputTokens, row.OutputTokens));
    }

    [Fact]
    public async Task Router_without_a_store_says_once_that_nothing_is_kept()
    {
        var (process, http) = await ApiProcess.StartAsync(new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG_YAML"] = Yaml(new Uri("http://127.0.0.1:9")) + "\nmetering: { requestLog: { enabled: true } }",
        });
        await using (process)
        using (http)
        {
            await process.WaitForOutputAsync("usage is not kept, nor the request log", Token);
            Assert.Equal(2, process.Output.Split("usage is not kept").Length);
        }
    }

    private static string Yaml(Uri backend) =>
        $"backends: {{ b: {{ kind: openai, url: \"{backend}\" }} }}\nmodels: {{ m: {{ targets: [ {{ backend: b }} ] }} }}";

    private static async Task AskAsync(HttpClient http)
    {
        using var chat = new StringContent(
            """{"model":"m","messages":[{"role":"user","content":"Hi"}]}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), chat, Token);
        Assert.Equal(200, (int)answer.StatusCode);
    }
}
