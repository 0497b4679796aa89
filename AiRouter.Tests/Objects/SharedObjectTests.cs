using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AiRouter.Api.Objects;
using AiRouter.Core.Configuration;
using AiRouter.Core.Objects;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Objects;

/// <summary>R5 over replicas and restarts: owners of objects in the store.</summary>
public sealed class SharedObjectTests(StoreServers servers)
{
    private const string Alice = "sk-air-alice";
    private const string Bob = "sk-air-bob";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task R5_owner_is_known_to_every_replica(StoreKind kind)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.Request.Method == "POST"
            ? call.JsonAsync("""{"id":"file-1","object":"file"}""")
            : call.JsonAsync("""{"object":"list","data":[{"id":"file-1"},{"id":"file-2"}]}"""));
        await using var store = await servers.OpenAsync(kind);
        await using var one = await StartAsync(upstream, store);
        await using var two = await StartAsync(upstream, store);
        using var made = await SendAsync(one, Alice, "POST", "files", "{}");
        await Eventually.HoldsAsync(async () => (await new ObjectStore(store).FindAsync(["file-1"], Cancelled))[0] is not null);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(two, Alice, "GET", "files/file-1"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(two, Bob, "GET", "files/file-1"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(two, Bob, "POST", "batches", """{"input_file_id":"file-1"}"""));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(two, Alice, "GET", "files/file-2"));

        await using var three = await StartAsync(upstream, store);
        using var list = await SendAsync(three, Alice, "GET", "files");
        Assert.Equal("""{"object":"list","data":[{"id":"file-1"}]}""", await list.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal("file:alice", (await new ObjectStore(store).FindAsync(["file-1"], Cancelled))[0]!.Owner);
    }

    [Fact]
    public async Task R5_store_that_is_away_makes_no_object_vanish_and_is_told_when_it_is_back()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.Request.Method == "POST"
            ? call.JsonAsync("""{"id":"file-1","object":"file"}""")
            : call.JsonAsync("""{"object":"list","data":[{"id":"file-1"},{"id":"file-2"}]}"""));
        await using var inner = await servers.OpenAsync(StoreKind.Redis);
        var store = new StoreSwitch(inner);
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var router = await StartAsync(upstream, store, clock);
        store.Cut(true);
        using var made = await SendAsync(router, Alice, "POST", "files", "{}");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(router, Alice, "GET", "files/file-1"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(router, Bob, "GET", "files/file-1"));
        using var unknown = await SendAsync(router, Alice, "GET", "files/file-2");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unknown.StatusCode);
        Assert.NotNull(unknown.Headers.RetryAfter);
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable, await StatusAsync(router, Alice, "POST", "batches", """{"input_file_id":"file-2"}"""));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(router, Alice, "GET", "files"));

        store.Cut(false);
        await Eventually.HoldsAsync(async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return (await new ObjectStore(inner).FindAsync(["file-1"], Cancelled))[0] is not null;
        });
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(router, Alice, "GET", "files/file-2"));
    }

    [Theory]
    [InlineData("responses", "", true)]
    [InlineData("responses", "\"store\":false,", false)]
    [InlineData("chat/completions", "", false)]
    [InlineData("chat/completions", "\"store\":true,", true)]
    public async Task R5_store_learns_of_answers_that_can_be_asked_for_again(string path, string store, bool learns)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("""{"id":"made_1","object":"response","choices":[]}""");
        await using var redis = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await StartAsync(upstream, redis);
        var body = path == "responses" ? "\"input\":\"x\"" : "\"messages\":[{}]";
        using var made = await SendAsync(router, Alice, "POST", path, $$"""{"model":"public-model",{{store}}{{body}}}""");
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);

        // What is told after it has been told too.
        router.Services.GetRequiredService<ObjectOwners>().Add("last_1", new OwnedObject(null, "upstream", null));
        await Eventually.HoldsAsync(async () => (await new ObjectStore(redis).FindAsync(["last_1"], Cancelled))[0] is not null);

        Assert.Equal(learns, (await new ObjectStore(redis).FindAsync(["made_1"], Cancelled))[0] is not null);
    }

    [Theory, EveryStore]
    public async Task First_owner_stays_and_use_begins_the_time_again(StoreKind kind)
    {
        await using var redis = await servers.OpenAsync(kind);
        var objects = new ObjectStore(redis);
        var longId = new string('x', 1000) + "-1";
        await objects.RememberAsync([new(longId, new OwnedObject("key_a", "b", "m"))], Cancelled);
        await objects.RememberAsync([new(longId, new OwnedObject("key_b", "b", null)), new("o-2", new OwnedObject(null, "c", null))], Cancelled);

        var found = await objects.FindAsync([longId, "o-2", "o-3"], Cancelled);

        Assert.Equal([new OwnedObject("key_a", "b", "m"), new OwnedObject(null, "c", null), null], found);
    }

    [Fact]
    public async Task Use_in_memory_is_told_once_a_day()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var redis = await RedisServer.StartAsync();
        await using var store = new RedisStore(
            new RedisStoreOptions { ConnectionString = redis.ConnectionString }, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<RedisStore>.Instance);
        await store.StartAsync(Cancelled);
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var router = await StartAsync(upstream, store, clock);
        var owners = router.Services.GetRequiredService<ObjectOwners>();
        owners.Add("file-1", new OwnedObject("file:alice", "upstream", null));
        await Eventually.HoldsAsync(async () => (bool)await redis.ExecuteAsync("EXISTS", store.Key("object:file-1")));
        await redis.ExecuteAsync("PEXPIRE", store.Key("object:file-1"), 60_000);

        Assert.NotNull(owners.Find("file-1"));
        Assert.InRange((long)await redis.ExecuteAsync("PTTL", store.Key("object:file-1")), 0, 60_000);
        clock.Advance(TimeSpan.FromDays(1.1));
        Assert.NotNull(owners.Find("file-1"));

        await Eventually.HoldsAsync(async () => (long)await redis.ExecuteAsync("PTTL", store.Key("object:file-1")) > 86_400_000);
    }

    private static Task<RunningRouter> StartAsync(ScriptedUpstream upstream, IStore store, TimeProvider? clock = null) =>
        RunningRouter.StartAsync(
            upstream,
            config: c => c with
            {
                Defaults = new DefaultsConfig { Backend = "upstream" },
                Keys = [.. new[] { ("alice", Alice), ("bob", Bob) }.Select(k => TestConfigs.Key(k.Item1, k.Item2) with
                {
                    Operations = ["files", "batches", "responses", "chat"],
                })],
            },
            configure: s =>
            {
                s.AddSingleton(store);
                s.AddSingleton(clock ?? TimeProvider.System);
            });

    private static async Task<HttpStatusCode> StatusAsync(
        RunningRouter router, string key, string method, string path, string? json = null)
    {
        using var response = await SendAsync(router, key, method, path, json);
        return response.StatusCode;
    }

    private static Task<HttpResponseMessage> SendAsync(
        RunningRouter router, string key, string method, string path, string? json = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return router.Http.SendAsync(request, Cancelled);
    }
}
