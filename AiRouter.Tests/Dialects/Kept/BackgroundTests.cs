using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using AiRouter.Api.Dialects.Kept.Background;
using AiRouter.Api.Draining;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Metering;
using AiRouter.Core.Objects;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.Dialects.Kept;

/// <summary>Responses that the router makes in the background.</summary>
public sealed class BackgroundTests(StoreServers servers)
{
    private static readonly BackgroundLimits Quick = new() { Beat = TimeSpan.FromMilliseconds(20) };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task Response_is_queued_at_once_and_completed_at_every_replica(StoreKind kind)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(kind);
        await using var one = await StartAsync(triton, store);
        await using var two = await StartAsync(triton, store);

        var queued = await one.AskAsync("POST", "responses", Ask("My name is Ada. [[say:Done.]]"));
        var id = (string)queued["id"]!;
        Assert.Equal(("response", "queued", true, true),
            ((string)queued["object"]!, (string)queued["status"]!, (bool)queued["background"]!, (bool)queued["store"]!));
        Assert.Empty(queued["output"]!.AsArray());

        var done = await two.UntilAsync(id, "completed");
        Assert.Equal("Done.", (string)done["output"]![0]!["content"]![0]!["text"]!);
        Assert.Equal((id, true, (long)queued["created_at"]!), ((string)done["id"]!, (bool)done["background"]!, (long)done["created_at"]!));
        Assert.True((int)done["usage"]!["total_tokens"]! > 0);
        var items = await one.AskAsync("GET", $"responses/{id}/input_items");
        Assert.Equal("My name is Ada. [[say:Done.]]", (string)items["data"]![0]!["content"]![0]!["text"]!);

        await two.AskAsync("POST", "responses", $$"""{"model":"llm","input":"[[say:x]]","previous_response_id":"{{id}}"}""");
        Assert.Contains("My name is Ada.", Encoding.UTF8.GetString(triton.Requests.Last(r => r.ModelName == "ensemble").Message.Span));
        Assert.Equal("completed", (string)(await one.AskAsync("POST", $"responses/{id}/cancel"))["status"]!);
    }

    [Theory]
    [InlineData(StoreKind.Redis, true)]
    [InlineData(StoreKind.Redis, false)]
    [InlineData(StoreKind.Garnet, false)]
    public async Task Response_is_cancelled_while_it_is_made_here_or_elsewhere(StoreKind kind, bool here)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(kind);
        await using var one = await StartAsync(triton, store);
        await using var two = await StartAsync(triton, store);
        var id = await BeginAsync(one, "[[hang]]");
        await two.UntilAsync(id, "in_progress");
        await one.UntilAsync(id, "in_progress");
        await Eventually.HoldsAsync(() => triton.InFlight == 1);

        var cancelled = await (here ? one : two).AskAsync("POST", $"responses/{id}/cancel");

        Assert.Equal(("cancelled", true), ((string)cancelled["status"]!, cancelled["error"] is null));
        await Eventually.HoldsAsync(() => triton.InFlight == 0 && one.Running == 0);
        await one.UntilAsync(id, "cancelled");
        Assert.Equal("cancelled", (string)(await two.AskAsync("GET", "responses/" + id))["status"]!);
        Assert.Equal("cancelled", (string)(await two.AskAsync("POST", $"responses/{id}/cancel"))["status"]!);
        var next = await two.FailAsync("POST", "responses", $$"""{"model":"llm","input":"x","previous_response_id":"{{id}}"}""");
        Assert.Equal((400, "previous_response_id"), (next.Status, (string)next.Error["param"]!));
    }

    [Fact]
    public async Task Error_becomes_a_response_that_failed()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await StartAsync(triton, store);

        var failed = await router.UntilAsync(await BeginAsync(router, "[[error]]"), "failed");

        Assert.Equal("server_error", (string)failed["error"]!["code"]!);
        Assert.NotEmpty((string)failed["error"]!["message"]!);
    }

    [Theory, EveryStore]
    public async Task Response_whose_router_is_gone_has_failed(StoreKind kind)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var inner = await servers.OpenAsync(kind);
        var store = new StoreSwitch(inner);
        await using var one = await StartAsync(triton, store, Quick with { LostAfter = TimeSpan.FromMilliseconds(300) });
        await using var two = await StartAsync(triton, inner);
        var id = await BeginAsync(one, "[[hang]]");
        await two.UntilAsync(id, "in_progress");

        // As if it were dead: nobody hears of it any more.
        store.Cut(true);
        var lost = await two.UntilAsync(id, "failed");

        Assert.Equal("server_error", (string)lost["error"]!["code"]!);
        Assert.Equal("failed", (string)(await two.AskAsync("POST", $"responses/{id}/cancel"))["status"]!);

        // So that it can stop without waiting.
        store.Cut(false);
    }

    [Fact]
    public async Task Router_that_stops_leaves_its_responses_failed()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var two = await StartAsync(triton, store);
        string id;
        await using (var one = await StartAsync(triton, store))
        {
            id = await BeginAsync(one, "[[hang]]");
            await two.UntilAsync(id, "in_progress");
        }

        // Kept as its end, not guessed from silence: signs of life count for longer than this test takes.
        Assert.Contains("\"failed\"", await KeptAsync(store, id));
        await two.UntilAsync(id, "failed");
    }

    [Fact]
    public async Task It_counts_as_running_and_fails_when_a_drain_cuts_it_off()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var one = await StartAsync(triton, store);
        await using var two = await StartAsync(triton, store);
        var id = await BeginAsync(one, "[[hang]]");
        await Eventually.HoldsAsync(() => triton.InFlight == 1);
        await Eventually.HoldsAsync(() => one.Running == 1);

        await one.Router.Services.GetRequiredService<Drain>().CutAsync();

        var failed = await two.UntilAsync(id, "failed");
        Assert.Contains("shutting down", (string)failed["error"]!["message"]!);
        await Eventually.HoldsAsync(() => one.Running == 0);
    }

    [Fact]
    public async Task It_is_a_request_in_the_log_and_in_traces()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == TelemetryNames.Source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var log = new LogLines<AccessLog>();
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await KeptRouter.StartAsync(
            KeptRouter.Triton(triton.Address), store, configure: services => services.AddSingleton<ILogger<AccessLog>>(log));
        var requestId = $"job-{Guid.NewGuid():n}";
        router.Router.Http.DefaultRequestHeaders.Add("x-request-id", requestId);

        await BeginAsync(router, "[[say:Done.]]");

        await Eventually.HoldsAsync(() => log.All.Count == 2);
        Assert.All(log.All, line => Assert.Contains(" POST /v1/responses 200 ", line));
        Assert.All(log.All, line => Assert.Contains($" id={requestId} key=alice model=llm cause=- ", line));
        Assert.Single(log.All, static line => line.Contains(" backend=up attempts=1 ", StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => spans.Any(s => (string?)s.GetTagItem("airouter.request.id") == requestId));
        var span = Assert.Single(spans, s => (string?)s.GetTagItem("airouter.request.id") == requestId);
        Assert.Equal((ActivityKind.Consumer, "alice"), (span.Kind, (string?)span.GetTagItem("airouter.key.name")));
    }

    [Theory]
    [InlineData(1, long.MaxValue)]
    [InlineData(10, 1500)]
    public async Task There_are_no_more_at_a_time_than_the_router_may_have(int jobs, long bytes)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await StartAsync(triton, store, Quick with { MostJobs = jobs, MostBytes = bytes });
        var first = await BeginAsync(router, "[[hang]]");

        var (status, error) = await router.FailAsync("POST", "responses", Ask("[[say:x]]"));

        Assert.Equal((429, "rate_limit_exceeded"), (status, (string)error["code"]!));
        await router.AskAsync("POST", $"responses/{first}/cancel");
        await Eventually.HoldsAsync(() => router.Router.Services.GetRequiredService<BackgroundJobs>().Find(first) is null);
        await router.UntilAsync(await BeginAsync(router, "[[say:x]]"), "completed");
    }

    [Theory]
    [InlineData("""{"model":"llm","input":"x","background":true,"stream":true}""", 1, "stream")]
    [InlineData("""{"model":"llm","input":"x","background":true,"store":false}""", 1, "background")]
    [InlineData("""{"model":"llm","input":"x","background":true}""", 0, "background")]
    [InlineData("""{"model":"llm","input":[{"type":"web_search_call"}],"background":true}""", 1, "input[0]")]
    [InlineData("""{"model":"llm","input":"x","background":true,"previous_response_id":"resp_x"}""", 1, null)]
    public async Task What_is_wrong_is_told_at_once(string json, double hours, string? param)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await KeptRouter.StartAsync(KeptRouter.Triton(triton.Address), store, hours);

        var (status, error) = await router.FailAsync("POST", "responses", json);

        Assert.Equal((param is null ? 404 : 400, param), (status, (string?)error["param"]));
        Assert.DoesNotContain(triton.Requests, static r => r.ModelName == "ensemble");
    }

    [Fact]
    public async Task Response_is_for_the_key_that_asked_and_ends_when_it_is_deleted()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await StartAsync(triton, store);
        var id = await BeginAsync(router, "[[hang]]");
        await Eventually.HoldsAsync(() => triton.InFlight == 1);

        foreach (var (method, path) in new[] { ("GET", ""), ("POST", "/cancel"), ("DELETE", "") })
        {
            Assert.Equal(404, (await router.FailAsync(method, $"responses/{id}{path}", key: KeptRouter.Bob)).Status);
        }

        await router.AskAsync("DELETE", "responses/" + id);
        Assert.Equal(404, (await router.FailAsync("GET", "responses/" + id)).Status);
        await Eventually.HoldsAsync(() => triton.InFlight == 0 && router.Running == 0);
        Assert.Equal(404, (await router.FailAsync("GET", "responses/" + id)).Status);
        Assert.Null(await new ResponseStore(store).FindAsync(id, Cancelled));
    }

    [Fact]
    public async Task It_is_counted_once_in_limits_and_usage()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await KeptRouter.StartAsync(
            KeptRouter.Triton(triton.Address), store, alice: ", limits: { requestsPerMinute: 2 }",
            configure: services => services.AddMetering());
        for (var i = 0; i < 2; i++)
        {
            var id = await BeginAsync(router, "[[say:Done.]]");
            await Eventually.HoldsAsync(async () => (await KeptAsync(store, id)).Contains("\"completed\"", StringComparison.Ordinal));
        }

        Assert.Equal(429, (await router.FailAsync("POST", "responses", """{"model":"llm","input":"x"}""")).Status);
        var now = TimeProvider.System.GetUtcNow();
        var query = new UsageQuery(now.AddHours(-1), now.AddHours(1), null, [UsageDimension.Key]);
        IReadOnlyList<UsageRow> rows = [];
        var usage = router.Router.Services.GetRequiredService<IUsageStore>();
        await Eventually.HoldsAsync(async () =>
            (rows = await usage.QueryAsync(query, Cancelled)).Sum(static r => r.Requests.Values.Sum()) >= 3);
        var row = Assert.Single(rows);
        Assert.Equal((2L, 3L), (row.Requests[UsageOutcomes.Ok], row.Requests.Values.Sum()));
        Assert.True(row.OutputTokens > 0);
    }

    [Fact]
    public async Task Without_the_store_nothing_is_begun()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var inner = await servers.OpenAsync(StoreKind.Redis);
        var store = new StoreSwitch(inner);
        await using var router = await StartAsync(triton, store);
        store.Cut(true);

        Assert.Equal(503, (await router.FailAsync("POST", "responses", Ask("[[say:x]]"))).Status);

        Assert.DoesNotContain(triton.Requests, static r => r.ModelName == "ensemble");
    }

    [Fact]
    public async Task End_is_shown_here_and_kept_later_when_the_store_is_away_for_a_while()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var inner = await servers.OpenAsync(StoreKind.Redis);
        var store = new StoreSwitch(inner);
        await using var router = await StartAsync(triton, store);
        var id = await BeginAsync(router, "[[start:300]] [[say:x]]");
        store.Cut(true);

        await router.UntilAsync(id, "completed");

        store.Cut(false);
        await Eventually.HoldsAsync(async () => (await KeptAsync(inner, id)).Contains("\"completed\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Conversation_gets_what_was_completed_and_nothing_of_what_was_cancelled()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await StartAsync(triton, store);
        var conversation = (string)(await router.AskAsync("POST", "conversations", "{}"))["id"]!;
        string Asking(string input) => Ask(input).Replace("\"background\"", $"\"conversation\":\"{conversation}\",\"background\"");

        var hanging = (string)(await router.AskAsync("POST", "responses", Asking("[[hang]]")))["id"]!;
        await router.AskAsync("POST", $"responses/{hanging}/cancel");
        var done = (string)(await router.AskAsync("POST", "responses", Asking("[[say:Done.]]")))["id"]!;
        var completed = await router.UntilAsync(done, "completed");

        Assert.Equal(conversation, (string)completed["conversation"]!["id"]!);
        Assert.Equal(["[[say:Done.]]", "Done."], await router.TextsAsync(conversation));
    }

    [Fact]
    public async Task Backend_with_a_Responses_API_of_its_own_is_asked_as_it_is()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("""{"id":"resp_1","object":"response","status":"queued"}""");
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await KeptRouter.StartAsync(KeptRouter.OpenAi(upstream.Url), store);

        await router.AskAsync("POST", "responses", Ask("x"));

        Assert.Equal("/v1/responses", upstream.Request.Target);
        Assert.Contains("\"background\":true", upstream.Request.Text);
    }

    private static async Task<string> KeptAsync(IStore store, string id) =>
        Encoding.UTF8.GetString((await new ResponseStore(store).FindAsync(id, Cancelled))!);

    private static Task<KeptRouter> StartAsync(SimulatedTriton triton, IStore store, BackgroundLimits? limits = null) =>
        KeptRouter.StartAsync(
            KeptRouter.Triton(triton.Address), store, configure: services => services.AddSingleton(limits ?? Quick));

    private static async Task<string> BeginAsync(KeptRouter router, string input) =>
        (string)(await router.AskAsync("POST", "responses", Ask(input)))["id"]!;

    private static string Ask(string input) => $$"""{"model":"llm","input":"{{input}}","background":true}""";
}
