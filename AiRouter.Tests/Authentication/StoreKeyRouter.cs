using System.Diagnostics;
using System.Net.Http.Headers;
using AiRouter.Api.Authentication;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Authentication;

/// <summary>A router that follows the keys of a store, as <c>serve</c> does, with a clock that stands still until it is moved.</summary>
internal sealed class StoreKeyRouter : IAsyncDisposable
{
    // Longer than what tests of the time ask for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private StoreKeyRouter(RunningRouter router, StoreSwitch store, FakeTimeProvider clock)
    {
        Router = router;
        Store = store;
        Clock = clock;
    }

    public RunningRouter Router { get; }

    /// <summary>Its connection.</summary>
    public StoreSwitch Store { get; }

    /// <summary>Its clock: as long as nobody moves it, it learns by messages only.</summary>
    public FakeTimeProvider Clock { get; }

    public KeyDirectory Keys => Router.Services.GetRequiredService<KeyDirectory>();

    /// <summary>Starts one on a connection that the caller ends.</summary>
    public static async Task<StoreKeyRouter> StartAsync(
        IStore store, ScriptedUpstream upstream, Func<RouterConfig, RouterConfig>? config = null, bool isCut = false,
        Func<BackendConfig, BackendConfig>? backend = null)
    {
        var switched = new StoreSwitch(store);
        switched.Cut(isCut);
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var router = await RunningRouter.StartAsync(upstream, backend, config: config, configure: services => services
            .AddSingleton<IStore>(switched)
            .AddKeyStore()
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton(new RouterConfigurationSource())
            .AddSingleton<AuthenticationLatch>()
            .AddSingleton<IKeyHistory, LatchedKeyHistory>());
        return new StoreKeyRouter(router, switched, clock);
    }

    /// <summary>What an operator works with.</summary>
    public static IKeyStore Operator(IStore store) => new KeyStore(store, NullLogger<KeyStore>.Instance);

    /// <summary>Asks as the holder of a secret.</summary>
    public async Task<(int Status, string Body)> AskAsync(string? secret, string path = "chat/completions")
    {
        using var request = new HttpRequestMessage(path == "models" ? HttpMethod.Get : HttpMethod.Post, path);
        request.Content = path == "models" ? null : new StringContent("""{"model":"public-model","messages":[{}]}""");
        request.Content?.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = secret is null ? null : new AuthenticationHeaderValue("Bearer", secret);
        using var response = await Router.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>
    /// Waits until the holder of a secret gets this status; 200 as that holder: a router that has not heard of any key yet is open,
    /// and answers everybody so.
    /// </summary>
    public async Task GetsAsync(string? secret, int status)
    {
        var last = default((int Status, string Body));
        try
        {
            await LearnsAsync(async () =>
            {
                var isKnown = secret is null || status != 200 || Keys.Current.Match(secret, Clock.GetUtcNow()).Good is not null;
                last = await AskAsync(secret);
                return isKnown && last.Status == status;
            });
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not {status} but {last} at {Clock.GetUtcNow():u}, keys seen at {Keys.SeenAt:u}: {Keys.Problem}");
        }
    }

    /// <summary>
    /// Waits until it has learned something. A message may be lost, and a read may take too long on a busy machine: after
    /// some seconds its clock is moved, so that it looks by itself.
    /// </summary>
    public Task LearnsAsync(Func<Task<bool>> condition)
    {
        var waited = Stopwatch.StartNew();
        return Eventually.HoldsAsync(async () =>
        {
            if (waited.Elapsed > Patience)
            {
                waited.Restart();
                Clock.Advance(KeyDirectory.Interval);
            }

            return await condition();
        });
    }

    public ValueTask DisposeAsync() => Router.DisposeAsync();
}
