using AiRouter.Api.Backends;
using AiRouter.Api.Routing.Signals;
using AiRouter.Tests.EndToEnd;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Routing.Signals;

public sealed class LoadSignalPollerTests
{
    private const string Busy =
        """
        nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="active",version="1"} 40
        nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="fraction",model="tensorrt_llm",version="1"} 0.9
        """;

    [Fact]
    public async Task Load_that_others_make_at_a_server_counts_and_is_forgotten_when_it_cannot_be_read()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var fails = false;
        await using var page = await ScriptedUpstream.StartAsync(
            call => call.BytesAsync("text/plain", System.Text.Encoding.UTF8.GetBytes(Busy), fails ? 500 : 200));
        await using var router = await StartAsync(triton.Address, new Uri(page.Url, "/metrics"));

        // 40 requests of others, and a cache that is half way between roomy and full.
        await Eventually.HoldsAsync(() => LoadOf(router) is > 59.9 and < 60.1);
        fails = true;
        await Eventually.HoldsAsync(() => LoadOf(router) == 0);
        fails = false;
        await Eventually.HoldsAsync(() => LoadOf(router) > 59.9);
    }

    [Fact]
    public async Task Requests_at_the_engine_behind_an_ensemble_count()
    {
        await using var triton = await SimulatedTriton.StartAsync(
            new SimulatorOptions { HttpPort = 0 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var router = await StartAsync(triton.Address, new Uri(triton.HttpAddress!, "/metrics"));
        await using var other = await RunningRouter.StartAsync(Yaml(triton.Address, null));
        using var leave = new CancellationTokenSource();
        var running = other.Http.PostAsync(
            "chat/completions",
            new StringContent(TritonRouter.Chat("[[hang]]", model: "m"), System.Text.Encoding.UTF8, "application/json"),
            leave.Token);

        await Eventually.HoldsAsync(() => LoadOf(router) == 1);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Eventually.HoldsAsync(() => LoadOf(router) == 0);
    }

    [Theory]
    [InlineData(200, "garbage\u0001{{{")]
    [InlineData(302, "")]
    [InlineData(200, null)]
    public async Task Page_that_is_none_changes_nothing(int status, string? text)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var page = await ScriptedUpstream.StartAsync(call => call.BytesAsync(
            "text/plain",
            text is null ? new byte[LoadSignalReader.MaxSize + 100_000] : System.Text.Encoding.UTF8.GetBytes(text),
            status,
            ("Location", "/elsewhere")));
        await using var router = await StartAsync(triton.Address, new Uri(page.Url, "/metrics"));

        await Eventually.HoldsAsync(() => page.Requests.Count >= 3);
        Assert.Equal(0, LoadOf(router));
        Assert.All(page.Requests, request => Assert.Equal("/metrics", request.Target));
    }

    [Fact]
    public async Task Backend_that_the_configuration_no_longer_has_is_no_longer_read()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var page = await ScriptedUpstream.StartAsync(call => call.BytesAsync("text/plain", []));
        await using var router = await StartAsync(triton.Address, new Uri(page.Url, "/metrics"));
        await Eventually.HoldsAsync(() => page.Requests.Count >= 2);

        router.Configuration.Update(Yaml(triton.Address, null));

        var before = -1;
        await Eventually.HoldsAsync(async () =>
        {
            before = page.Requests.Count;
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            return before == page.Requests.Count;
        });
    }

    private static Task<RunningRouter> StartAsync(Uri triton, Uri page) =>
        RunningRouter.StartAsync(Yaml(triton, page), services => services.AddHostedService<LoadSignalPoller>());

    private static string Yaml(Uri triton, Uri? page) =>
        $$"""
        server: { authentication: none }
        backends:
          gpu: { kind: triton, url: "{{triton}}"{{(page is null ? "" : $", loadSignal: {{ url: \"{page}\", interval: 0.2 }}")}} }
        models:
          m: { policy: least-busy, targets: [ { backend: gpu, model: ensemble } ] }
        """;

    private static double LoadOf(RunningRouter router)
    {
        var state = router.Services.GetRequiredService<RouterStates>().Enter()!;
        var busy = state.Routes["m"].Targets[0].State.Load.Busy;
        _ = state.LeaveAsync().AsTask();
        return busy;
    }
}
