using System.Collections.Concurrent;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Loading;
using AiRouter.Core.Health;
using AiRouter.Core.Keys;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.Configuration.Stored;

/// <summary>The configuration of a router with a store, as <c>serve</c> runs it, without what answers requests.</summary>
internal sealed class StoreHost : IAsyncDisposable
{
    /// <summary>A document with one backend, whose host is the only thing that differs.</summary>
    public static string Yaml(string host = "a", string more = "") => $$"""
        backends: { b: { url: "http://{{host}}" } }
        models: { m: { targets: [ { backend: b } ] } }
        {{more}}
        """;

    private readonly IHost _host;
    private readonly RecordingLogger _log;
    private bool _isStopped;
    private bool _isFolderHandedOn;

    private StoreHost(IHost host, DirectoryInfo folder, RecordingLogger log)
    {
        _host = host;
        Folder = folder;
        _log = log;
    }

    /// <summary>Its file and its data lie here.</summary>
    public DirectoryInfo Folder { get; }

    public string File => Path.Combine(Folder.FullName, "airouter.yaml");

    public string Snapshot => Path.Combine(Folder.FullName, "data", "snapshot.json");

    public RouterModel? Current => _host.Services.GetRequiredService<IRouterConfiguration>().Current;

    /// <summary>The host of the one backend that it serves; null: nothing.</summary>
    public string? Serves => Current?.Backends["b"].Config.Url.Host;

    public IConfigurationStore Configurations => Get<IConfigurationStore>();

    public IStore Store => Get<IStore>();

    public IReplicaDirectory Replicas => Get<IReplicaDirectory>();

    public AuthenticationLatch Latch => Get<AuthenticationLatch>();

    public IReadOnlyList<HealthDetail> Health => [.. _host.Services.GetServices<IHealthSource>().SelectMany(s => s.Details)];

    /// <summary>The one line of <see cref="Health"/> about the configuration.</summary>
    public HealthDetail Detail => Health.Single(d => d.Name == "configuration source");

    public IKeyStore KeyStore => Get<IKeyStore>();

    public LiveRouterConfiguration Live => Get<LiveRouterConfiguration>();

    /// <summary>Everything that it has logged.</summary>
    public IReadOnlyCollection<string> Log => _log.Entries;

    /// <summary>Starts one.</summary>
    /// <param name="connection">Where the store is.</param>
    /// <param name="prefix">The installation's.</param>
    /// <param name="yaml">Its file; null: none, or the one that is in <paramref name="folder"/>.</param>
    /// <param name="folder">That of an earlier one; null: a new one.</param>
    /// <param name="keepsData">Whether it has a folder for its data.</param>
    /// <param name="mode">What the file means.</param>
    /// <param name="environment">Its variables.</param>
    public static async Task<StoreHost> StartAsync(
        string connection, string prefix, string? yaml, DirectoryInfo? folder = null, bool keepsData = true,
        ConfigurationMode mode = ConfigurationMode.Seed, params (string Name, string Value)[] environment)
    {
        folder ??= Directory.CreateTempSubdirectory("airouter-stored-");
        var file = Path.Combine(folder.FullName, "airouter.yaml");
        if (yaml is not null)
        {
            await System.IO.File.WriteAllTextAsync(file, yaml);
        }

        var log = new RecordingLogger();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(TimeProvider.System).AddLogging(l => l.AddProvider(log));
        builder.Services.AddStore(new RedisStoreOptions { ConnectionString = connection, Prefix = prefix }).AddKeyStore().AddKeyDirectory();
        builder.Services.AddStoredRouterConfiguration(new RouterConfigurationSource
        {
            File = file,
            Mode = mode,
            DataFolder = keepsData ? Path.Combine(folder.FullName, "data") : null,
            SecretsFolder = folder.FullName,
            Environment = environment.ToDictionary(v => v.Name, v => v.Value),
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new StoreHost(host, folder, log);
    }

    /// <summary>What a secret is worth now.</summary>
    public KeyStanding Match(string secret) => Get<KeyDirectory>().Current.Match(secret, DateTimeOffset.UtcNow).Standing;

    /// <summary>Saves a document as an operator does.</summary>
    public async Task<SaveOutcome> SaveAsync(string yaml)
    {
        var (config, problems) = ConfigurationJson.ReadYaml(yaml, "test");
        Assert.Empty(problems);
        var version = await Configurations.ReadVersionAsync(TestContext.Current.CancellationToken);
        return await Configurations.SaveAsync(
            new ConfigurationSave(ConfigurationJson.Write(config!), "ann", null, []), version, TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until it serves the document of this host.</summary>
    public Task ServesAsync(string? host) => Eventually.HoldsAsync(() => Serves == host);

    /// <summary>Stops it, and leaves its folder to the next.</summary>
    public async Task<DirectoryInfo> StopAsync()
    {
        await EndAsync();
        _isFolderHandedOn = true;
        return Folder;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        if (!_isFolderHandedOn)
        {
            Folder.Delete(recursive: true);
        }
    }

    private T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    private async Task EndAsync()
    {
        if (!Interlocked.Exchange(ref _isStopped, true))
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await _host.StopAsync(deadline.Token);
            await ((IAsyncDisposable)_host).DisposeAsync();
        }
    }

    private sealed class RecordingLogger : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Entries { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Enqueue($"{eventId.Id} {logLevel} {formatter(state, exception)}{exception}");

        public void Dispose()
        {
        }
    }
}
