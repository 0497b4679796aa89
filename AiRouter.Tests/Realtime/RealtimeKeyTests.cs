using AiRouter.Api.Authentication;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Core.Stores;
using AiRouter.Tests.Authentication;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Realtime;

/// <summary>Sessions of keys that lie in a store.</summary>
public sealed class RealtimeKeyTests(StoreServers servers)
{
    [Theory, EveryStore]
    public async Task R45_session_of_a_key_that_is_revoked_in_the_store_ends(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var keys = StoreKeyRouter.Operator(store);
        var (record, secret) = TestKeys.Make("talker");
        await keys.CreateAsync(record, TestContext.Current.CancellationToken);
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend, configure: s => s
            .AddSingleton<IStore>(store)
            .AddKeyStore()
            .AddSingleton(new RouterConfigurationSource())
            .AddSingleton<AuthenticationLatch>()
            .AddSingleton<IKeyHistory, LatchedKeyHistory>());
        var directory = router.Services.GetRequiredService<KeyDirectory>();
        await Eventually.HoldsAsync(() => directory.Current.MatchId(record.Id, TimeProvider.System.GetUtcNow()).Good is not null);
        var client = await router.OpenAsync(options: o => o.SetRequestHeader("Authorization", "Bearer " + secret));

        await keys.RevokeAsync(record.Id, TestKeys.By(), TestContext.Current.CancellationToken);

        var told = await client.ReceiveEventAsync();
        Assert.Equal("invalid_api_key", told.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(1008, (int)(await client.ReceiveAsync()).Status!);
        await client.AnswerCloseAsync();
    }
}
