using System.Text;
using AiRouter.Core.Metering;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Dialects;

/// <summary>What the request log keeps of translated requests: what the client sent, and what it got.</summary>
public sealed class TranslatedLogTests(StoreServers servers)
{
    private const string Secret = "sk-air-key-of-the-translated-log-tests";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("responses", """{"model":"m","input":"[[say:a b c]]","stream":true}""")]
    [InlineData("responses", """{"model":"m","input":"[[say:a b c]]"}""")]
    [InlineData("messages", """{"model":"m","max_tokens":50,"messages":[{"role":"user","content":"[[say:a b c]]"}],"stream":true}""")]
    [InlineData("messages", """{"model":"m","max_tokens":50,"messages":[{"role":"user","content":"[[say:a b c]]"}]}""")]
    public async Task Bodies_are_the_clients(string path, string sent)
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancel);
        await using var router = await RunningRouter.StartAsync(
            $$"""
            server: { authentication: required }
            metering: { requestLog: { enabled: true, maxBodyKiB: 64 } }
            backends: { gpu: { kind: triton, url: "{{triton.Address}}" } }
            models: { m: { targets: [ { backend: gpu, model: ensemble } ] } }
            keys: [ { name: team, hash: "{{AiRouter.Core.Keys.ClientKeySecret.HashOf(Secret)}}", logBodies: true } ]
            """,
            services => services.AddSingleton<IStore>(store).AddMetering());
        router.Http.DefaultRequestHeaders.Authorization = new("Bearer", Secret);

        using var content = new StringContent(sent, Encoding.UTF8, "application/json");
        using var response = await router.Http.PostAsync(new Uri(path, UriKind.Relative), content, Cancel);
        var got = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, got);

        var usage = router.Services.GetRequiredService<IUsageStore>();
        await Eventually.HoldsAsync(async () => (await usage.RequestsAsync(10, Cancel)).Count > 0);
        var bodies = await usage.BodiesAsync(Assert.Single(await usage.RequestsAsync(10, Cancel)).Id, Cancel);
        Assert.Equal(new LoggedBodies(sent, got, IsCut: false), bodies);
    }
}
