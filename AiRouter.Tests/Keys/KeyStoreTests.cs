using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Keys;

public sealed class KeyStoreTests(StoreServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task Created_key_is_read_as_it_was_written(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var keys = Open(store);
        var (record, _) = TestKeys.Make("team-a");
        record = record with
        {
            Owner = "Ada",
            Tags = ["x", "y"],
            Models = [],
            Operations = ["chat", "files"],
            Expires = DateTimeOffset.UtcNow,
            Limits = new LimitsConfig { RequestsPerMinute = 7, TokensPerMinute = 1_000_000_000_000 },
            Budget = new BudgetConfig { Usd = 0.000001m, Per = BudgetPeriod.Week },
            ModelLimits = new Dictionary<string, KeyModelConfig> { ["llama-*"] = new() { Concurrent = 2 } },
            Priority = -7,
            LogBodies = true,
        };

        var made = await keys.CreateAsync(record, Cancelled);
        var all = await keys.ReadAsync(null, Cancelled);

        Assert.Equal(KeyChangeOutcome.Done, made.Outcome);
        Assert.Equivalent(record with { Version = 1 }, Assert.Single(all.Records), strict: true);
        Assert.Equivalent(all.Records[0], await keys.FindAsync(record.Id, Cancelled), strict: true);
        Assert.True(all.AnyHasExisted);
        Assert.Equal(all.Version, await keys.ReadVersionAsync(Cancelled));
        var copy = all with { Lost = new LostKeys(all.Records, DateTimeOffset.UtcNow) };
        Assert.Equivalent(copy, KeySnapshot.FromJson(copy.ToJson()), strict: true);
    }

    [Theory, EveryStore]
    public async Task Empty_store_has_no_keys_and_no_latch(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);

        var all = await Open(store).ReadAsync(null, Cancelled);

        Assert.Equivalent(KeySnapshot.Empty, all, strict: true);
        Assert.Equal(0, await Open(store).ReadVersionAsync(Cancelled));
        Assert.Null(await Open(store).FindAsync("key_none", Cancelled));
    }

    [Theory, EveryStore]
    public async Task Names_and_hashes_are_unique(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var keys = Open(store);
        var (a, b, c) = (TestKeys.Make("a").Record, TestKeys.Make("b").Record, TestKeys.Make("c").Record);
        await keys.CreateAsync(a, Cancelled);
        await keys.CreateAsync(b, Cancelled);

        Assert.Equal(KeyChangeOutcome.Conflict, (await keys.CreateAsync(a, Cancelled)).Outcome);
        Assert.Equal(KeyChangeOutcome.NameTaken, (await keys.CreateAsync(c with { Name = "a" }, Cancelled)).Outcome);
        Assert.Equal(
            KeyChangeOutcome.HashTaken, (await keys.CreateAsync(c with { Hash = a.Hash.ToUpperInvariant() }, Cancelled)).Outcome);
        Assert.Equal(KeyChangeOutcome.NameTaken, (await keys.UpdateAsync(b with { Name = "a" }, 1, Cancelled)).Outcome);
        Assert.Equal(KeyChangeOutcome.Done, (await keys.UpdateAsync(b with { Name = "b2" }, 1, Cancelled)).Outcome);
        Assert.Equal(KeyChangeOutcome.Done, (await keys.CreateAsync(c with { Name = "b" }, Cancelled)).Outcome);
    }

    [Theory, EveryStore]
    public async Task Edit_needs_the_current_version_and_keeps_the_secrets(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var keys = Open(store);
        var record = (await keys.CreateAsync(TestKeys.Make("a").Record, Cancelled)).Record!;
        var other = TestKeys.Make("x").Record;

        var edited = await keys.UpdateAsync(
            record with { Owner = "Bob", Hash = other.Hash, Prefix = other.Prefix, PreviousHash = other.Hash }, 1, Cancelled);
        var late = await keys.UpdateAsync(record with { Owner = "Eve" }, 1, Cancelled);
        var unknown = await keys.UpdateAsync(other, 1, Cancelled);

        Assert.Equal(KeyChangeOutcome.Done, edited.Outcome);
        Assert.Equivalent(record with { Version = 2, Owner = "Bob" }, edited.Record, strict: true);
        Assert.Equal(KeyChangeOutcome.Conflict, late.Outcome);
        Assert.Equal("Bob", late.Record!.Owner);
        Assert.Equal(KeyChangeOutcome.NotFound, unknown.Outcome);
    }

    [Theory, EveryStore]
    public async Task Rotation_ends_the_secret_of_before_later_and_the_one_before_that_at_once(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var keys = Open(store);
        var first = (await keys.CreateAsync(TestKeys.Make("a").Record, Cancelled)).Record!;

        var second = (await keys.RotateAsync(first.Id, TestKeys.Rotate(TimeSpan.FromHours(1)).Rotation, Cancelled)).Record!;
        var afterOne = await keys.ReadAsync(null, Cancelled);
        var third = (await keys.RotateAsync(first.Id, TestKeys.Rotate(TimeSpan.FromHours(1)).Rotation, Cancelled)).Record!;
        var afterTwo = await keys.ReadAsync(afterOne, Cancelled);
        var fourth = (await keys.RotateAsync(first.Id, TestKeys.Rotate(TimeSpan.Zero).Rotation, Cancelled)).Record!;
        var afterThree = await keys.ReadAsync(afterTwo, Cancelled);

        Assert.Equal(first.Hash, second.PreviousHash);
        Assert.Equal([first.Hash], afterOne.Revoked.Keys);
        Assert.InRange(
            (second.PreviousUntil!.Value - afterOne.Revoked[first.Hash]).Duration(), TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        Assert.Equal(second.Hash, third.PreviousHash);
        Assert.Equal(DateTimeOffset.UnixEpoch, afterTwo.Revoked[first.Hash]);
        Assert.True(afterTwo.Revoked[second.Hash] > DateTimeOffset.UtcNow);
        Assert.Null(fourth.PreviousHash);
        Assert.All(
            [first.Hash, second.Hash, third.Hash], h => Assert.Equal(DateTimeOffset.UnixEpoch, afterThree.Revoked[h]));
        Assert.DoesNotContain(fourth.Hash, afterThree.Revoked.Keys);
        foreach (var old in new[] { first, second, third, fourth })
        {
            var again = TestKeys.Make("again").Record with { Hash = old.Hash };
            Assert.Equal(KeyChangeOutcome.HashTaken, (await keys.CreateAsync(again, Cancelled)).Outcome);
        }
    }

    [Theory, EveryStore]
    public async Task Revoked_hashes_stay_and_the_name_is_free_again(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var keys = Open(store);
        var first = (await keys.CreateAsync(TestKeys.Make("a").Record, Cancelled)).Record!;
        var second = (await keys.RotateAsync(first.Id, TestKeys.Rotate(TimeSpan.FromHours(1)).Rotation, Cancelled)).Record!;

        var revoked = await keys.RevokeAsync(first.Id, TestKeys.By(), Cancelled);
        var again = await keys.RevokeAsync(first.Id, TestKeys.By(), Cancelled);
        var elsewhere = ClientKeySecret.HashOf("elsewhere");
        await keys.RevokeHashesAsync([elsewhere.ToUpperInvariant()], TestKeys.By(), Cancelled);
        var all = await keys.ReadAsync(null, Cancelled);

        Assert.Equal((KeyChangeOutcome.Done, KeyChangeOutcome.NotFound), (revoked.Outcome, again.Outcome));
        Assert.Empty(all.Records);
        Assert.All([first.Hash, second.Hash, elsewhere], h => Assert.Equal(DateTimeOffset.UnixEpoch, all.Revoked[h]));
        Assert.True(all.AnyHasExisted);
        Assert.Equal(KeyChangeOutcome.HashTaken, (await keys.CreateAsync(first with { Version = 0 }, Cancelled)).Outcome);
        Assert.Equal(KeyChangeOutcome.Done, (await keys.CreateAsync(TestKeys.Make("a").Record, Cancelled)).Outcome);
    }

    [Theory, EveryStore]
    public async Task Reading_what_changed_gives_what_reading_everything_gives(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var keys = Open(store);
        var records = new[] { "a", "b", "c" }.Select(n => TestKeys.Make(n).Record).ToArray();
        await keys.CreateAsync(records[0], Cancelled);
        await keys.CreateAsync(records[1], Cancelled);
        var known = await keys.ReadAsync(null, Cancelled);

        await keys.RevokeAsync(records[0].Id, TestKeys.By(), Cancelled);
        await keys.UpdateAsync(records[1] with { Disabled = true }, 1, Cancelled);
        await keys.CreateAsync(records[2], Cancelled);
        var changed = await keys.ReadAsync(known, Cancelled);

        var all = await keys.ReadAsync(null, Cancelled);
        Assert.Equivalent(all with { Records = [.. all.Records.OrderBy(r => r.Name)] }, changed with { Records = [.. changed.Records.OrderBy(r => r.Name)] }, strict: true);
        Assert.Equal(["b", "c"], changed.Records.Select(r => r.Name).Order());
        Assert.True(changed.Version > known.Version);

        // Of another store, or of a time that this one has lost: everything.
        Assert.Equal(2, (await keys.ReadAsync(known with { Latch = "other" }, Cancelled)).Records.Count);
        Assert.Equal(2, (await keys.ReadAsync(known with { Version = all.Version + 1, Records = [] }, Cancelled)).Records.Count);
    }

    [Theory, EveryStore]
    public async Task Every_change_is_told_and_noted_without_secrets(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var keys = Open(store);
        var told = new System.Collections.Concurrent.ConcurrentQueue<long>();
        using var listening = store.Subscribe(store.Key("keys:changed"), version => told.Enqueue((long)version));
        await Eventually.HoldsAsync(async () =>
        {
            await store.PublishAsync(store.Key("keys:changed"), 0, StoreDeadlines.Background, Cancelled);
            return !told.IsEmpty;
        });

        var (record, secret) = TestKeys.Make("a");
        await keys.CreateAsync(record, Cancelled);
        await keys.UpdateAsync(record with { Limits = new LimitsConfig { RequestsPerMinute = 7 } }, 1, Cancelled);
        var rotation = TestKeys.Rotate(TimeSpan.FromHours(1));
        await keys.RotateAsync(record.Id, rotation.Rotation, Cancelled);
        await keys.RevokeAsync(record.Id, TestKeys.By(), Cancelled);
        var version = await keys.ReadVersionAsync(Cancelled);
        await Eventually.HoldsAsync(() => told.Contains(version));
        var audit = await keys.AuditAsync(1000, Cancelled);

        Assert.Equal(4, told.Where(v => v > 0).Distinct().Count());
        Assert.Equal(["revoke", "rotate", "update", "create"], audit.Select(a => a.Action));
        Assert.All(audit, a => Assert.Equal((record.Id, "a", "tester"), (a.Id, a.Name, a.Change.By)));
        var difference = Assert.Single(audit[2].Differences);
        Assert.Equal(("limits", "{}", """{"requestsPerMinute":7}"""), (difference.Path, difference.Before, difference.After));
        var text = string.Concat(audit.Select(KeyJson.Write));
        Assert.All([secret, rotation.Secret, record.Hash[7..], rotation.Rotation.Hash[7..]], s => Assert.DoesNotContain(s, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Record_that_cannot_be_read_does_not_take_others_along()
    {
        await using var redis = await RedisServer.StartAsync();
        var options = new RedisStoreOptions { ConnectionString = redis.ConnectionString };
        await using var store = new RedisStore(options, TimeProvider.System, NullLogger<RedisStore>.Instance);
        await store.StartAsync(Cancelled);
        var keys = Open(store);
        await keys.CreateAsync(TestKeys.Make("a").Record, Cancelled);
        await redis.ExecuteAsync("HSET", store.Key("keys"), "key_broken", "{\"id\":7}");

        Assert.Equal("a", Assert.Single((await keys.ReadAsync(null, Cancelled)).Records).Name);
    }

    private static KeyStore Open(RedisStore store) => new(store, NullLogger<KeyStore>.Instance);
}
