using System.Text;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Core.Metering;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace AiRouter.Tests.Metering;

/// <summary>What real requests leave in the store.</summary>
public sealed class MeteredRequestTests(StoreServers servers)
{
    private const string Answer =
        """{"id":"c1","object":"chat.completion","model":"backend-model","choices":[{"index":0,"message":{"role":"assistant","content":"Four."},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050,"prompt_tokens_details":{"cached_tokens":400}}}""";

    private const string Chat = """{"model":"public-model","messages":[{"role":"user","content":"What is 2+2?"}]}""";

    private static readonly string Secret = ClientKeySecret.Create();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_is_metered_with_key_model_backend_tokens_and_cost()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var upstream = await ScriptedUpstream.StartAsync(Answer);
        await using var router = await StartAsync(upstream, store);

        using (var response = await router.PostAsync("chat/completions", Chat))
        {
            Assert.Equal(200, (int)response.StatusCode);
        }

        var row = await RowAsync(router, r => r.Requests[UsageOutcomes.Ok] == 1);
        Assert.Equal(("file:team", "team", "public-model", "upstream"), (row.KeyId, row.KeyName, row.Model, row.Backend));
        Assert.Equal((1000, 400, 50), (row.InputTokens, row.CachedTokens, row.OutputTokens));

        // 600 × $2 + 400 × $1 + 50 × $8 a million.
        Assert.Equal(2_000_000, row.NanoUsd);
        Assert.Equal(0, row.EstimatedRequests);
        Assert.Equal((0, 1), (row.TimeToFirstToken.Count, row.Duration.Count));
    }

    [Fact]
    public async Task Failures_are_metered_by_outcome_and_made_up_models_are_not()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 500));
        await using var router = await StartAsync(upstream, store);

        foreach (var body in (string[])[Chat, Chat.Replace("public-model", "made-up-4711", StringComparison.Ordinal), "{}", "x"])
        {
            using var response = await router.PostAsync("chat/completions", body);
        }

        await EventuallyRowsAsync(router, rows => rows.Sum(r => r.Requests.Values.Sum()) == 4);
        var rows = await RowsAsync(router);
        Assert.Equal([null, "public-model"], rows.Select(r => r.Model));
        Assert.Equal([null, "upstream"], rows.Select(r => r.Backend));
        Assert.Equal([3, 0], rows.Select(r => r.Requests[UsageOutcomes.ClientError]));
        Assert.Equal([0, 1], rows.Select(r => r.Requests[UsageOutcomes.BackendError]));
    }

    [Fact]
    public async Task Stream_is_metered_with_its_first_token_also_when_it_breaks()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            await call.EventsAsync(Event("Hello"));
            await UpstreamCall.BreakOffAsync();
        });
        await using var router = await StartAsync(upstream, store, Logged());

        await Assert.ThrowsAnyAsync<Exception>(() => StreamAsync(router));

        var row = await RowAsync(router, r => r.Requests[UsageOutcomes.BackendError] == 1);
        Assert.Equal(1, row.TimeToFirstToken.Count);
        var entry = await EntryAsync(router);
        Assert.Equal(200, entry.Request.Status);
        Assert.Equal("BackendStreamBroken", entry.Request.Error);
        var bodies = await router.Services.GetRequiredService<IUsageStore>().BodiesAsync(entry.Id, Cancel);
        Assert.Equal("(not kept: the request failed, BackendStreamBroken)", bodies!.Response);
    }

    [Fact]
    public async Task Client_that_leaves_is_metered_as_cancelled()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            await call.EventsAsync(Event("Hello"));
            await call.HangAsync();
        });
        await using var router = await StartAsync(upstream, store);
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, "chat/completions") { Content = Streamed() };

        using (var response = await router.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaves.Token))
        {
            var stream = await response.Content.ReadAsStreamAsync(Cancel);
            await stream.ReadExactlyAsync(new byte[10], Cancel);
        }

        await RowAsync(router, r => r.Requests[UsageOutcomes.Cancelled] == 1);
    }

    [Fact]
    public async Task Request_about_stored_objects_is_metered()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var upstream = await ScriptedUpstream.StartAsync("""{"object":"list","data":[]}""");
        await using var router = await StartAsync(
            upstream, store, c => c with { Defaults = new DefaultsConfig { Backend = "upstream" } });

        using (await router.Http.GetAsync(new Uri("files", UriKind.Relative), Cancel))
        {
        }

        var row = await RowAsync(router, r => r.Requests[UsageOutcomes.Ok] == 1);
        Assert.Equal(("file:team", null, "upstream"), (row.KeyId, row.Model, row.Backend));
    }

    [Fact]
    public async Task Bodies_of_a_stream_are_kept_as_they_were_sent_cut_and_without_credentials()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        var words = Enumerable.Range(0, 200).Select(i => Event($"word {i} "));
        var last = Event("end").Replace("}}]", "},\"finish_reason\":\"stop\"}]", StringComparison.Ordinal);
        await using var upstream = await ScriptedUpstream.StartAsync(call =>
            call.EventsAsync([.. words, last, "data: [DONE]\n\n"]));
        await using var router = await StartAsync(upstream, store, Logged());

        var sent = await StreamAsync(router, $"My key is {Secret}");

        var entry = await EntryAsync(router);
        Assert.True(entry.HasBodies);
        Assert.Equal(("file:team", "chat", 200), (entry.Request.KeyId, entry.Request.Operation, entry.Request.Status));
        var bodies = await router.Services.GetRequiredService<IUsageStore>().BodiesAsync(entry.Id, Cancel);
        Assert.True(bodies!.IsCut);
        Assert.Equal(1024, bodies.Response.Length);
        Assert.StartsWith(bodies.Response, sent, StringComparison.Ordinal);
        Assert.Contains("My key is [redacted]", bodies.Request, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, bodies.Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whole_answer_is_kept_and_media_are_not()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.Request.Target.EndsWith("speech", StringComparison.Ordinal)
            ? call.BytesAsync("audio/mpeg", new byte[3000])
            : call.JsonAsync(Answer));
        await using var router = await StartAsync(upstream, store, Logged());

        string answer;
        using (var response = await router.PostAsync("chat/completions", Chat))
        {
            answer = await response.Content.ReadAsStringAsync(Cancel);
        }

        var chat = await EntryAsync(router);
        using (await router.PostAsync("audio/speech", """{"model":"public-model","input":"Hi","voice":"a"}"""))
        {
        }

        await Eventually.HoldsAsync(async () => (await LogAsync(router)).Count == 2);
        var speech = (await LogAsync(router))[0];
        var usage = router.Services.GetRequiredService<IUsageStore>();
        var bodies = await usage.BodiesAsync(chat.Id, Cancel);
        Assert.Equal(new LoggedBodies(Chat, answer, IsCut: false), bodies);
        Assert.Equal("(not kept: audio/mpeg, 3000 bytes)", (await usage.BodiesAsync(speech.Id, Cancel))!.Response);
    }

    [Fact]
    public async Task Upstream_error_text_is_never_kept()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var upstream = await ScriptedUpstream.StartAsync(call =>
            call.JsonAsync("""{"error":{"message":"bad prompt: TOP-SECRET","type":"invalid_request_error"}}""", 400));
        await using var router = await StartAsync(upstream, store, Logged());

        using (var response = await router.PostAsync("chat/completions", Chat))
        {
            Assert.Contains("TOP-SECRET", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        var entry = await EntryAsync(router);
        var bodies = await router.Services.GetRequiredService<IUsageStore>().BodiesAsync(entry.Id, Cancel);
        Assert.DoesNotContain("TOP-SECRET", $"{entry} {bodies}", StringComparison.Ordinal);
        Assert.Equal("(not kept: the request failed, BackendRejected)", bodies!.Response);
    }

    [Fact]
    public async Task Key_without_log_bodies_has_none_kept()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var upstream = await ScriptedUpstream.StartAsync(Answer);
        await using var router = await StartAsync(upstream, store, c => Logged()(c) with { Keys = [Key()] });

        using (await router.PostAsync("chat/completions", Chat))
        {
        }

        Assert.False((await EntryAsync(router)).HasBodies);
    }

    [Fact]
    public async Task Without_metering_nothing_is_written()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var upstream = await ScriptedUpstream.StartAsync(Answer);
        await using (var router = await StartAsync(upstream, null, Logged()))
        {
            using var response = await router.PostAsync("chat/completions", Chat);
            Assert.Equal(200, (int)response.StatusCode);
            Assert.Null(router.Services.GetService<UsageMeter>());
        }

        await using var connection = await ConnectionMultiplexer.ConnectAsync(
            await servers.ConnectionStringAsync(StoreKind.Redis) + ",allowAdmin=true");
        var keys = connection.GetServers().SelectMany(s => s.Keys(pattern: store.Key("*")));
        Assert.Equal(store.Key("probe"), Assert.Single(keys));
    }

    private static Task<RunningRouter> StartAsync(
        ScriptedUpstream upstream, IStore? store, Func<RouterConfig, RouterConfig>? config = null)
    {
        return StartAsync();

        async Task<RunningRouter> StartAsync()
        {
            var router = await RunningRouter.StartAsync(
                upstream,
                model: m => m with { Price = new PriceConfig { Input = 2, CachedInput = 1, Output = 8 } },
                config: c =>
                {
                    c = c with { Keys = [Key() with { LogBodies = true }] };
                    return config?.Invoke(c) ?? c;
                },
                configure: services =>
                {
                    if (store is not null)
                    {
                        services.AddSingleton(store).AddMetering();
                    }
                });
            router.Http.DefaultRequestHeaders.Authorization = new("Bearer", Secret);
            return router;
        }
    }

    private static KeyConfig Key() => new()
    {
        Name = "team",
        Hash = ClientKeySecret.HashOf(Secret),
        Operations = ["chat", "speech", "files"],
    };

    private static Func<RouterConfig, RouterConfig> Logged() =>
        c => c with { Metering = new() { RequestLog = new() { Enabled = true, MaxBodyKiB = 1 } } };

    private static string Event(string text) =>
        """data: {"id":"c1","object":"chat.completion.chunk","model":"backend-model","choices":[{"index":0,"delta":{"content":"TEXT"}}]}"""
            .Replace("TEXT", text, StringComparison.Ordinal) + "\n\n";

    private static StringContent Streamed(string text = "Hi") => new(
        """{"model":"public-model","stream":true,"messages":[{"role":"user","content":"TEXT"}]}"""
            .Replace("TEXT", text, StringComparison.Ordinal),
        Encoding.UTF8,
        "application/json");

    private static async Task<string> StreamAsync(RunningRouter router, string text = "Hi")
    {
        using var content = Streamed(text);
        using var response = await router.Http.PostAsync(new Uri("chat/completions", UriKind.Relative), content, Cancel);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    private static async Task<IReadOnlyList<UsageRow>> RowsAsync(RunningRouter router)
    {
        var now = TimeProvider.System.GetUtcNow();
        var query = new UsageQuery(
            now.AddHours(-1), now.AddHours(1), null, [UsageDimension.Key, UsageDimension.Model, UsageDimension.Backend]);
        return await router.Services.GetRequiredService<IUsageStore>().QueryAsync(query, Cancel);
    }

    private static Task EventuallyRowsAsync(RunningRouter router, Func<IReadOnlyList<UsageRow>, bool> condition) =>
        Eventually.HoldsAsync(async () => condition(await RowsAsync(router)));

    private static async Task<UsageRow> RowAsync(RunningRouter router, Func<UsageRow, bool> condition)
    {
        await EventuallyRowsAsync(router, rows => rows.Any(condition));
        return Assert.Single(await RowsAsync(router));
    }

    private static async Task<IReadOnlyList<LoggedRequest>> LogAsync(RunningRouter router) =>
        await router.Services.GetRequiredService<IUsageStore>().RequestsAsync(10, Cancel);

    private static async Task<LoggedRequest> EntryAsync(RunningRouter router)
    {
        await Eventually.HoldsAsync(async () => (await LogAsync(router)).Count > 0);
        return Assert.Single(await LogAsync(router));
    }
}
