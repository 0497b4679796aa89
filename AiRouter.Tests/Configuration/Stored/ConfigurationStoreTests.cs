using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Stored;
using AiRouter.Core.Stores;
using AiRouter.Core.Stores.Replicas;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Configuration.Stored;

public sealed class ConfigurationStoreTests(StoreServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task Saved_document_is_read_back_with_author_and_moment(StoreKind kind)
    {
        await using var redis = await servers.OpenAsync(kind);
        var store = new ConfigurationStore(redis);
        Assert.Null(await store.ReadAsync(Token));
        Assert.Equal(0, await store.ReadVersionAsync(Token));

        var outcome = await store.SaveAsync(Save("""{"models":{"ü":{}}}"""), 0, Token);

        Assert.True(outcome.IsSaved);
        Assert.Equal(1, outcome.Version);
        var stored = await store.ReadAsync(Token);
        Assert.Equal((1, """{"models":{"ü":{}}}""", "ann"), (stored!.Version, stored.Json, stored.By));
        Assert.InRange(stored.At, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(1, await store.ReadVersionAsync(Token));
    }

    [Theory, EveryStore]
    public async Task Save_over_a_version_that_is_not_the_current_one_changes_nothing(StoreKind kind)
    {
        await using var redis = await servers.OpenAsync(kind);
        var store = new ConfigurationStore(redis);
        await store.SaveAsync(Save("{}"), 0, Token);
        await store.SaveAsync(Save("""{"a":1}"""), 1, Token);

        var late = await store.SaveAsync(Save("""{"b":1}"""), 1, Token);

        Assert.Equal((SaveResult.Conflict, 2), (late.Result, late.Version));
        Assert.Equal("""{"a":1}""", (await store.ReadAsync(Token))!.Json);
        Assert.Equal(2, (await store.HistoryAsync(Token)).Count);
    }

    [Theory, EveryStore]
    public async Task Of_many_who_save_over_the_same_version_exactly_one_does(StoreKind kind)
    {
        await using var redis = await servers.OpenAsync(kind);
        var store = new ConfigurationStore(redis);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.SaveAsync(Save($$"""{"a":{{i}}}"""), 0, Token).AsTask()));

        Assert.Single(outcomes, o => o.IsSaved);
        Assert.All(outcomes, o => Assert.Equal(1, o.Version));
    }

    [Theory, EveryStore]
    public async Task History_has_the_last_hundred_changes_with_their_documents(StoreKind kind)
    {
        await using var redis = await servers.OpenAsync(kind);
        var store = new ConfigurationStore(redis);
        for (var i = 0; i < 103; i++)
        {
            await store.SaveAsync(
                new ConfigurationSave($$"""{"a":{{i}}}""", "ann", i == 102 ? "why" : null, [new("a", $"{i - 1}", $"{i}")]), i, Token);
        }

        var history = await store.HistoryAsync(Token);

        Assert.Equal(100, history.Count);
        Assert.Equal((103, "ann", "why"), (history[0].Version, history[0].By, history[0].Comment));
        Assert.Equal(new ConfigurationDifference("a", "101", "102"), Assert.Single(history[0].Differences));
        Assert.Equal(4, history[^1].Version);
        Assert.Equal("""{"a":3}""", (await store.ReadVersionAsync(4, Token))!.Json);
        Assert.Null(await store.ReadVersionAsync(3, Token));
        Assert.Null(await store.ReadVersionAsync(104, Token));
    }

    [Theory, EveryStore]
    public async Task Large_document_and_change_come_back_as_they_were(StoreKind kind)
    {
        await using var redis = await servers.OpenAsync(kind);
        var store = new ConfigurationStore(redis);
        var json = $$"""{"a":"{{string.Concat(Enumerable.Range(0, 50_000).Select(i => $"é{i}"))}}"}""";

        await store.SaveAsync(new ConfigurationSave(json, "ann", null, ConfigurationDiff.Between(null, json)), 0, Token);

        Assert.Equal(json, (await store.ReadAsync(Token))!.Json);
        Assert.Equal(json, (await store.ReadVersionAsync(1, Token))!.Json);
        Assert.Single((await store.HistoryAsync(Token))[0].Differences);
    }

    [Theory, EveryStore]
    public async Task Document_that_the_reader_has_is_not_sent_again(StoreKind kind)
    {
        await using var redis = await servers.OpenAsync(kind);
        var store = new ConfigurationStore(redis);
        await store.SaveAsync(Save("{}"), 0, Token);
        var known = await store.ReadAsync(Token);

        Assert.Same(known, (await store.ReadStateAsync(known, Token)).Document);
        Assert.Equal("{}", (await store.ReadStateAsync(known! with { Json = """{"other":1}""" }, Token)).Document!.Json);
    }

    [Theory, EveryStore]
    public async Task Saved_version_is_told_to_everybody(StoreKind kind)
    {
        await using var redis = await servers.OpenAsync(kind);
        var store = new ConfigurationStore(redis);
        var told = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = redis.Subscribe(store.ChangedChannel, version => told.TrySetResult((long)version));
        var version = 0L;
        await Eventually.HoldsAsync(async () =>
        {
            // A subscription stands a moment after it was asked for.
            version = (await store.SaveAsync(Save($$"""{"a":{{version}}}"""), version, Token)).Version;
            return told.Task.IsCompleted;
        });

        Assert.InRange(await told.Task, 1, version);
    }

    [Theory, EveryStore]
    public async Task R35_while_a_file_rules_nobody_else_saves(StoreKind kind)
    {
        await using var redis = await servers.OpenAsync(kind);
        var store = new ConfigurationStore(redis);
        var ruler = new ConfigurationRuler("/etc/airouter.yaml", "pod-1");
        Assert.True(await store.RuleAsync(ruler, "one", Token));
        Assert.False(await store.RuleAsync(ruler, "two", Token));

        var person = await store.SaveAsync(Save("{}"), 0, Token);
        var file = await store.SaveAsync(Save("{}") with { Origin = ConfigurationOrigin.GitOps }, 0, Token);

        Assert.Equal((SaveResult.Ruled, ruler), (person.Result, person.Ruler));
        Assert.True(file.IsSaved);
        Assert.Equal(ruler, (await store.ReadStateAsync(null, Token)).Ruler);
    }

    [Theory, EveryStore]
    public async Task R36_lost_document_is_replaced_by_no_seed_and_by_a_person_with_a_higher_version(StoreKind kind)
    {
        await using var redis = await servers.OpenAsync(kind);
        var store = new ConfigurationStore(redis);
        var router = new ReplicaReport { Id = "1", Role = "api", Host = "h", Started = DateTimeOffset.UtcNow, ConfigurationVersion = 7 };
        await new ReplicaDirectory(redis).ReportAsync(router, Token);

        Assert.True((await store.ReadStateAsync(null, Token)).IsLost);
        var seed = await store.SaveAsync(Save("{}") with { Origin = ConfigurationOrigin.Seed }, 0, Token);
        var person = await store.SaveAsync(Save("{}") with { Above = 9 }, 0, Token);

        Assert.Equal((SaveResult.Lost, 7), (seed.Result, seed.Version));
        Assert.Equal((SaveResult.Saved, 10), (person.Result, person.Version));
        Assert.False((await store.ReadStateAsync(null, Token)).IsLost);
    }

    [Fact]
    public async Task Store_that_is_away_is_told()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await StoreServers.OpenAsync(server);
        var store = new ConfigurationStore(redis);
        await server.KillAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReadAsync(Token).AsTask());
    }

    private static ConfigurationSave Save(string json) => new(json, "ann", null, []);
}
