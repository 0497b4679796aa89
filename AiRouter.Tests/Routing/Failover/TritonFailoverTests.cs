using System.Text;
using AiRouter.Tests.EndToEnd;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.Routing.Failover;

/// <summary>Failover between two simulated Tritons, and from one to a backend of another kind.</summary>
public sealed class TritonFailoverTests
{
    private const string Path = "/v1/chat/completions";

    [Theory]
    [InlineData("")]
    [InlineData("\"stream\":true")]
    public async Task R26_dead_server_is_made_good_by_the_other(string members)
    {
        await using var two = await TwoTritons.StartAsync();
        await two.First.KillAsync();

        var response = await two.AskAsync("[[say:fine]]", members);

        Assert.Equal(200, response.Status);
        Assert.Contains("fine", response.Body, StringComparison.Ordinal);
        Assert.True(response.IsWhole);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"stream\":true")]
    public async Task R26_server_that_dies_before_the_first_token_is_made_good_by_the_other(string members)
    {
        await using var two = await TwoTritons.StartAsync();
        var asked = two.AskAsync("[[start:2000]][[say:fine]]", members);
        await Eventually.HoldsAsync(() => two.First.InFlight == 1);
        await two.First.KillAsync();

        var response = await asked;

        Assert.Equal(200, response.Status);
        Assert.Contains("fine", response.Body, StringComparison.Ordinal);
        Assert.Single(two.Second.Requests);
    }

    [Fact]
    public async Task Model_that_is_unloaded_is_made_good_by_the_other()
    {
        await using var two = await TwoTritons.StartAsync();
        Assert.Equal(200, (await two.AskAsync("[[say:x]]")).Status);
        two.First.Unload("ensemble");

        Assert.Equal(200, (await two.AskAsync("[[say:x]]")).Status);
        Assert.Single(two.Second.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"stream\":true")]
    public async Task R25_error_without_a_class_goes_nowhere_else_and_trips_nothing(string members)
    {
        await using var two = await TwoTritons.StartAsync("breaker: { failures: 1 }");

        Assert.Equal(502, (await two.AskAsync("[[error:burst]]", members)).Status);
        Assert.Empty(two.Second.Requests);
        Assert.False(two.Router.Target(0).State.Health.Standing.IsOut);
        Assert.Equal(200, (await two.AskAsync("[[say:x]]")).Status);
        Assert.Empty(two.Second.Requests);
    }

    [Fact]
    public async Task Stream_that_breaks_after_its_first_token_ends_in_an_error_event()
    {
        await using var two = await TwoTritons.StartAsync("breaker: { failures: 1 }");
        using var request = new HttpRequestMessage(HttpMethod.Post, "chat/completions")
        {
            Content = new StringContent(
                TritonRouter.Chat("[[tokens:500]][[delay:50]]", "\"stream\":true", "m"), Encoding.UTF8, "application/json"),
        };
        using var response = await two.Router.Http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var body = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("data: {", await body.ReadLineAsync(TestContext.Current.CancellationToken));
        await two.First.KillAsync();
        var last = "";
        await Assert.ThrowsAsync<HttpIOException>(async () =>
        {
            while (await body.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                last = line.Length > 0 ? line : last;
            }
        });

        Assert.StartsWith("data: {\"error\"", last, StringComparison.Ordinal);
        Assert.Empty(two.Second.Requests);
        await Eventually.HoldsAsync(() => two.Router.Target(0).State.Health.Standing.IsOut);
    }

    [Fact]
    public async Task Other_kind_makes_good_and_nothing_of_the_first_is_seen()
    {
        await using var good = await FailoverRouter.GoodAsync();
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var router = await RunningRouter.StartAsync(
            $$"""
            backends:
              gpu: { kind: triton, url: "{{triton.Address}}" }
              b1: { kind: openai, url: "{{good.Url}}" }
            models:
              chat:
                unsupportedParameters: drop
                targets: [ { backend: gpu, model: ensemble }, { backend: b1, priority: 1 } ]
            """);
        var ask = TritonRouter.Chat("[[say:x]]", "\"stream\":true,\"logit_bias\":{\"5\":1}");
        var first = await RawHttp.PostAsync(router.Root, Path, ask);
        triton.Ready = false;
        await triton.KillAsync();

        var second = await RawHttp.PostAsync(router.Root, Path, ask);

        Assert.Equal((200, 200), (first.Status, second.Status));
        Assert.NotNull(first.Header("x-airouter-usage") ?? first.Header("x-airouter-dropped"));
        Assert.Null(second.Header("x-airouter-dropped"));
        Assert.Null(second.Header("x-airouter-usage"));
        Assert.EndsWith("data: [DONE]\n\n", second.Body, StringComparison.Ordinal);
    }

    private sealed class TwoTritons(SimulatedTriton first, SimulatedTriton second, RunningRouter router) : IAsyncDisposable
    {
        public SimulatedTriton First => first;

        public SimulatedTriton Second => second;

        public RunningRouter Router => router;

        public static async Task<TwoTritons> StartAsync(string backend = "")
        {
            var first = await SimulatedTriton.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
            var second = await SimulatedTriton.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
            var rest = backend.Length == 0 ? "" : ", " + backend;
            return new TwoTritons(first, second, await RunningRouter.StartAsync(
                $$"""
                backends:
                  gpu-1: { kind: triton, url: "{{first.Address}}"{{rest}} }
                  gpu-2: { kind: triton, url: "{{second.Address}}"{{rest}} }
                models:
                  m:
                    targets: [ { backend: gpu-1, model: ensemble }, { backend: gpu-2, model: ensemble, priority: 1 } ]
                """));
        }

        public Task<RawResponse> AskAsync(string prompt, string members = "") =>
            RawHttp.PostAsync(router.Root, Path, TritonRouter.Chat(prompt, members, "m"));

        public async ValueTask DisposeAsync()
        {
            await router.DisposeAsync();
            await first.DisposeAsync();
            await second.DisposeAsync();
        }
    }
}
