using AiRouter.Core.Administration;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Access;

/// <summary>What Admin's processes share about sessions, on every store.</summary>
public sealed class SessionStoreTests(StoreServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task Session_has_ended_once_somebody_ended_it(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var sessions = new SessionStore(store);

        Assert.False((await sessions.ReadAsync("a", Cancelled)).HasEnded);
        await sessions.EndAsync("a", TimeSpan.FromHours(1), Cancelled);

        Assert.True((await sessions.ReadAsync("a", Cancelled)).HasEnded);
        Assert.False((await sessions.ReadAsync("b", Cancelled)).HasEnded);
    }

    [Theory, EveryStore]
    public async Task End_is_forgotten_when_the_cookie_is_worth_nothing_anyway(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var sessions = new SessionStore(store);

        await sessions.EndAsync("a", TimeSpan.FromMilliseconds(20), Cancelled);

        await Eventually.HoldsAsync(async () => !(await sessions.ReadAsync("a", Cancelled)).HasEnded);
    }

    [Theory, EveryStore]
    public async Task Admin_keys_come_with_it(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var record = new AdminKeyRecord { Id = "admin_1", Version = 1, Name = "ann", Hash = "sha256:00", Prefix = "sk", Role = AdminRole.Editor };
        var entry = new AuditEntry(DateTimeOffset.UnixEpoch, "x", "admin-key.create", "admin_1", "ann", []);
        await new AdminKeyStore(store).PutAsync(record, 0, true, entry, Cancelled);

        Assert.Equal([record], (await new SessionStore(store).ReadAsync("a", Cancelled)).AdminKeys);
    }

    [Theory, EveryStore]
    public async Task Keys_are_kept_newest_first_and_bounded(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var sessions = new SessionStore(store);
        for (var i = 0; i < SessionStore.MostKeys + 2; i++)
        {
            await sessions.AddKeyAsync($"<key id=\"{i}\"/>", Cancelled);
        }

        var keys = await sessions.KeysAsync(Cancelled);
        Assert.Equal(SessionStore.MostKeys, keys.Count);
        Assert.Equal("<key id=\"101\"/>", keys[0]);
    }
}
