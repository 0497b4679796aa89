using AiRouter.Core.Configuration.Loading;
using AiRouter.Core.Health;
using AiRouter.Core.Snapshots;
using AiRouter.Core.Stores;
using Microsoft.Extensions.Logging;

namespace AiRouter.Core.Configuration.Stored;

/// <summary>
/// The document of a file that rules (<c>AIROUTER_CONFIG_MODE=gitops</c>): it is served as it is, and the store's document is kept
/// equal to it, for Admin to show. While a change is rolled out the files of replicas differ: one of them writes, the others say so.
/// </summary>
internal sealed partial class RulingFile(
    RouterConfigurationSource source,
    IConfigurationStore store,
    StoreSnapshot snapshot,
    StoreSyncSignal sync,
    ReplicaIdentity identity,
    TimeProvider time,
    ILogger<RulingFile> logger) : IStoreDocument
{
    /// <summary>Who the history says it was.</summary>
    public const string Author = "gitops";

    /// <summary>How long files may differ before it is told: a rollout takes its time.</summary>
    internal static readonly TimeSpan Rollout = TimeSpan.FromMinutes(2);

    private readonly FileDocument _file = new(source);
    private volatile StoredConfiguration? _stored = snapshot.Configuration;
    private volatile string? _mine;
    private DateTimeOffset? _differsSince;
    private bool _hasToldDifference;

    public bool IsFixed => _file.IsFixed;

    public ConfigurationDocument? Fallback => _stored is { } stored ? ConfigurationDocument.Of(stored) : null;

    public long? ServedVersion => _stored is { } stored && (_mine is null || stored.Json == _mine) ? stored.Version : null;

    public HealthDetail Detail => _mine is null
        ? new HealthDetail("configuration source", false, $"{source.Name} has problems: what it said before is served")
        : new HealthDetail("configuration source", true, $"{source.Name} (AIROUTER_CONFIG_MODE=gitops)");

    public ConfigurationDocument? Read() => _file.Read();

    public void OnChange(Action changed)
    {
        // A file tells nothing: it is looked at (R42).
    }

    public void Serves(ConfigurationDocument document, ConfigurationLoad load)
    {
        if (document.Stored is null)
        {
            _mine = ConfigurationJson.Write(load.Document!);
            sync.Set();
        }
    }

    public async ValueTask SyncAsync(CancellationToken cancellationToken)
    {
        var ruler = new ConfigurationRuler(source.Name, identity.Host);
        var writes = await store.RuleAsync(ruler, identity.Id, cancellationToken);
        var state = await store.ReadStateAsync(_stored, cancellationToken);
        var mine = _mine;
        if (mine is null)
        {
            _stored = state.Document ?? _stored;
        }
        else if (state.Document?.Json == mine)
        {
            Agree(state.Document);
        }
        else if (writes)
        {
            await WriteAsync(mine, state, cancellationToken);
        }
        else
        {
            TellDifference();
        }
    }

    private async ValueTask WriteAsync(string mine, ConfigurationState state, CancellationToken cancellationToken)
    {
        if (state.Document is { } other && other.By != Author)
        {
            LogOverwritten(other.Version, other.By, source.Name);
        }

        var save = new ConfigurationSave(
            mine, Author, $"from {source.Name} of {identity.Host}", ConfigurationDiff.Between(state.Document?.Json, mine))
        {
            Origin = ConfigurationOrigin.GitOps,
            Above = _stored?.Version ?? 0,
        };
        var outcome = await store.SaveAsync(save, state.Version, cancellationToken);
        if (outcome.IsSaved)
        {
            LogWritten(source.Name, outcome.Version);
        }

        // Told to everybody, this process too: the next round agrees, or tries again.
        sync.Set();
    }

    private void Agree(StoredConfiguration stored)
    {
        _differsSince = null;
        _hasToldDifference = false;
        snapshot.ConfirmConfiguration();
        if (stored != _stored || snapshot.Configuration is null)
        {
            _stored = stored;
            snapshot.Keep(stored);
        }
    }

    private void TellDifference()
    {
        var now = time.GetUtcNow();
        _differsSince ??= now;
        if (!_hasToldDifference && now - _differsSince >= Rollout)
        {
            _hasToldDifference = true;
            LogDiffers(source.Name, Rollout.TotalMinutes);
        }
    }

    [LoggerMessage(1023, LogLevel.Information, "{File} is the store's configuration now, version {Version}")]
    private partial void LogWritten(string file, long version);

    [LoggerMessage(
        1024, LogLevel.Warning,
        "The store's configuration (version {Version}, by {Author}) is not what {File} says, and the file rules: it is replaced; the " +
        "history keeps it")]
    private partial void LogOverwritten(long version, string author, string file);

    [LoggerMessage(
        1025, LogLevel.Warning,
        "{File} is not what the file of another router has said for {Minutes} minutes: routers serve different configurations. Give all " +
        "of them the same file")]
    private partial void LogDiffers(string file, double minutes);
}
