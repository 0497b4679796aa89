using System.Security.Cryptography;
using AiRouter.Core.Configuration.Secrets;
using AiRouter.Core.Playground;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace AiRouter.Tests.Playground;

/// <summary>R7: the tokens by themselves. What routers do with them: <see cref="Security.PlaygroundAccessTests"/>.</summary>
public sealed class PlaygroundTokenTests(StoreServers servers)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Noon);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task Token_names_admin_and_key_and_works_on_every_router_of_the_store(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var token = await Tokens(store).IssueAsync("alice", "key_1", Cancelled);

        Assert.StartsWith("sk-air-play-", token, StringComparison.Ordinal);
        Assert.True(PlaygroundToken.IsOne(token));
        var check = await Tokens(store).CheckAsync(token, Cancelled);
        Assert.Equal(
            new PlaygroundCheck(PlaygroundStanding.Good, new PlaygroundGrant("alice", "key_1", Noon, Noon + PlaygroundTokens.Lifetime)), check);
    }

    [Fact]
    public async Task Longest_names_fit_in_any_script()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        var tokens = Tokens(store);
        var name = new string('\u6f22', 128);

        var token = await tokens.IssueAsync("oidc:" + name, "file:" + name, Cancelled);

        Assert.Equal(PlaygroundStanding.Good, (await tokens.CheckAsync(token, Cancelled)).Standing);
    }

    [Fact]
    public async Task Token_is_short_lived_and_clocks_may_differ_a_little()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        var admin = Tokens(store);
        var token = await admin.IssueAsync("alice", null, Cancelled);

        foreach (var (seconds, standing) in new[]
        {
            (-31, PlaygroundStanding.Early), (-29, PlaygroundStanding.Good), (0, PlaygroundStanding.Good), (89, PlaygroundStanding.Good),
            (90, PlaygroundStanding.Expired), (100_000, PlaygroundStanding.Expired),
        })
        {
            var router = new FakeTimeProvider(Noon.AddSeconds(seconds));
            Assert.Equal(standing, (await Tokens(store, time: router).CheckAsync(token, Cancelled)).Standing);
        }
    }

    [Fact]
    public async Task Token_that_was_changed_anywhere_is_forged()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        var tokens = Tokens(store);
        var token = await tokens.IssueAsync("alice", "key_1", Cancelled);

        for (var i = 0; i < token.Length; i++)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.Equal(default, await tokens.CheckAsync(changed, Cancelled));
        }

        foreach (var other in new[] { "", "sk-air-play-", token[..^1], token + "A", token + "=", token + " ", token + token, token.ToUpperInvariant() })
        {
            Assert.Equal(default, await tokens.CheckAsync(other, Cancelled));
        }
    }

    [Fact]
    public async Task Token_of_another_installation_is_forged()
    {
        await using var ours = await servers.OpenAsync(StoreKind.Redis);
        await using var theirs = await servers.OpenAsync(StoreKind.Redis);
        var router = Tokens(ours);
        await router.IssueAsync("alice", null, Cancelled);

        Assert.Equal(default, await router.CheckAsync(await Tokens(theirs).IssueAsync("alice", null, Cancelled), Cancelled));
    }

    [Fact]
    public async Task Token_signed_with_an_invented_secret_under_a_known_id_is_forged()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        var tokens = Tokens(store);
        var real = await tokens.IssueAsync("alice", null, Cancelled);
        var id = PlaygroundToken.SecretIdOf(PlaygroundToken.Read(real)!);

        var grant = new PlaygroundGrant("mallory", null, Noon, Noon.AddYears(10));
        var forged = PlaygroundToken.Write(grant, PlaygroundSecret.Create() with { Id = id });
        Assert.Equal(default, await tokens.CheckAsync(forged, Cancelled));
    }

    [Theory, EveryStore]
    public async Task Secret_signs_for_an_hour_and_its_last_tokens_work_on(StoreKind kind)
    {
        var storeClock = new FakeTimeProvider(Noon);
        await using var store = await servers.OpenAsync(kind, storeClock);
        var first = await IdAsync(store);
        storeClock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(first, await IdAsync(store));
        var last = await Tokens(store).IssueAsync("alice", null, Cancelled);

        storeClock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotEqual(first, await IdAsync(store));
        Assert.Equal(PlaygroundStanding.Good, (await Tokens(store).CheckAsync(last, Cancelled)).Standing);

        storeClock.Advance(TimeSpan.FromMinutes(61));
        await IdAsync(store);
        Assert.Equal(PlaygroundStanding.Forged, (await Tokens(store).CheckAsync(last, Cancelled)).Standing);
    }

    [Fact]
    public async Task Process_does_not_believe_a_secret_for_ever()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        var router = Tokens(store);
        var token = await router.IssueAsync("alice", null, Cancelled);
        Assert.Equal(PlaygroundStanding.Good, (await router.CheckAsync(token, Cancelled)).Standing);

        await using var connection = await ConnectionMultiplexer.ConnectAsync(await servers.ConnectionStringAsync(StoreKind.Redis));
        await connection.GetDatabase().KeyDeleteAsync(store.Key("playground:secrets"));
        _clock.Advance(PlaygroundSecrets.Believed);
        Assert.Equal(PlaygroundStanding.Forged, (await router.CheckAsync(token, Cancelled)).Standing);
    }

    [Fact]
    public async Task Secret_is_encrypted_where_there_is_a_key_and_replaced_when_nobody_can_read_it()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        var (old, other) = (NewKeys(), NewKeys());
        var token = await Tokens(store, old).IssueAsync("alice", null, Cancelled);

        var stored = (string)(await store.GetAsync(store.Key("playground:secrets"), StoreDeadlines.Background, Cancelled))!;
        Assert.Contains(" enc:v1:", stored, StringComparison.Ordinal);
        Assert.Equal(PlaygroundStanding.Good, (await Tokens(store, old).CheckAsync(token, Cancelled)).Standing);
        Assert.Equal(PlaygroundStanding.Unreadable, (await Tokens(store).CheckAsync(token, Cancelled)).Standing);
        Assert.Equal(PlaygroundStanding.Unreadable, (await Tokens(store, other).CheckAsync(token, Cancelled)).Standing);

        var next = await Tokens(store, other).IssueAsync("alice", null, Cancelled);
        Assert.Equal(PlaygroundStanding.Good, (await Tokens(store, other).CheckAsync(next, Cancelled)).Standing);
        Assert.Equal(PlaygroundStanding.Good, (await Tokens(store, old).CheckAsync(token, Cancelled)).Standing);
    }

    [Fact]
    public async Task Store_that_is_away_is_said_and_a_known_secret_checks_on()
    {
        await using var inner = await servers.OpenAsync(StoreKind.Redis);
        var store = new StoreSwitch(inner);
        var (router, started) = (Tokens(store), Tokens(store));
        var token = await router.IssueAsync("alice", null, Cancelled);
        Assert.Equal(PlaygroundStanding.Good, (await router.CheckAsync(token, Cancelled)).Standing);

        store.Cut(true);
        Assert.Equal(PlaygroundStanding.Good, (await router.CheckAsync(token, Cancelled)).Standing);
        Assert.Equal(PlaygroundStanding.Unavailable, (await started.CheckAsync(token, Cancelled)).Standing);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await router.IssueAsync("alice", null, Cancelled));

        store.Cut(false);
        Assert.Equal(PlaygroundStanding.Good, (await started.CheckAsync(token, Cancelled)).Standing);
    }

    [Fact]
    public void Secret_is_never_written_out_by_chance()
    {
        var secret = PlaygroundSecret.Create();
        Assert.DoesNotContain(Convert.ToBase64String(secret.Bytes.Span), $"{secret}", StringComparison.Ordinal);
        Assert.Equal($"playground secret {secret.Id}", $"{secret}");
    }

    private PlaygroundTokens Tokens(IStore store, EncryptionKeys? keys = null, TimeProvider? time = null) =>
        new(new PlaygroundSecrets(store, time ?? _clock, keys), time ?? _clock);

    private async Task<string> IdAsync(IStore store) =>
        PlaygroundToken.SecretIdOf(PlaygroundToken.Read(await Tokens(store).IssueAsync("a", null, Cancelled))!);

    private static EncryptionKeys NewKeys() =>
        EncryptionKeys.Parse(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))).Keys!;
}
