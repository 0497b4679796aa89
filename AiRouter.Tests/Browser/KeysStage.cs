using AiRouter.Core.Keys;
using AiRouter.Core.Limits;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Metering;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Browser;

/// <summary>Admin with a few models, for the pages of keys.</summary>
public sealed class KeysStage(StoreServers servers) : IAsyncLifetime
{
    private const string Document = """
        backends: { up: { url: http://127.0.0.1:9/v1 } }
        models:
          bge-large: { operations: [embeddings], targets: [ { backend: up } ], price: { input: 0.02 } }
          "gpt-*": { targets: [ { backend: up } ] }
          llama-3.1-8b: { targets: [ { backend: up } ], maxTokens: { max: 4096 }, price: { input: 0.05, output: 0.1 } }
          llama-3.1-70b: { targets: [ { backend: up } ], maxTokens: { max: 4096 }, price: { input: 0.5, output: 1 } }
        keys:
          - { name: declared, hash: "sha256:abababababababababababababababababababababababababababababababab", owner: the file }
        """;

    private RedisStore _store = null!;

    /// <summary>Admin.</summary>
    internal AdminStage Admin { get; private set; } = null!;

    /// <summary>The keys of its store.</summary>
    internal IKeyStore Keys { get; private set; } = null!;

    /// <summary>The limits of its store.</summary>
    internal ILimitLedger Limits { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Browser.Executable is null, "There is no Chromium here.");
        Admin = await AdminStage.StartAsync(servers, Document);
        _store = await servers.OpenAsync(StoreKind.Redis, prefix: Admin.Prefix);
        Keys = new KeyStore(_store, NullLogger<KeyStore>.Instance);
        Limits = new StoreLimitLedger(_store);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Admin is not null)
        {
            await _store.DisposeAsync();
            await Admin.DisposeAsync();
        }
    }

    /// <summary>Uses some of a subject's limits and budget, as requests would.</summary>
    internal async Task UseAsync(LimitSubject subject, int requests, long tokens, decimal usd)
    {
        for (var i = 0; i < requests; i++)
        {
            var nanoUsd = (long)(usd / requests * 1_000_000_000m);
            var reservation = new Reservation
            {
                Id = Guid.NewGuid().ToString("N"),
                Subjects = [subject],
                Tokens = tokens / requests,
                NanoUsd = nanoUsd,
            };
            Assert.True((await Limits.ReserveAsync(reservation, TestContext.Current.CancellationToken)).IsAdmitted);
            await Limits.SettleAsync(reservation, new Settlement(tokens / requests, nanoUsd), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>What a key used in the last day, as routers would have written it.</summary>
    internal async Task MeterAsync(KeyRecord key)
    {
        using var replica = new MeteredReplica(_store);
        var random = new Random(1);
        foreach (var hours in Enumerable.Range(0, 24).SelectMany(hours => Enumerable.Repeat(hours, random.Next(1, 20))))
        {
            replica.Meter.Record(Records.At(TimeProvider.System.GetUtcNow().AddHours(-hours), model: "llama-3.1-8b", backend: "up") with
            {
                KeyId = key.Id,
                KeyName = key.Name,
                InputTokens = random.Next(2000),
                OutputTokens = random.Next(800),
            });
        }

        Assert.True(await replica.WriteAsync());
    }
}
