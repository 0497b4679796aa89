using AiRouter.Core.Configuration.Loading;
using AiRouter.Core.Health;
using AiRouter.Core.Snapshots;
using AiRouter.Core.Stores;
using Microsoft.Extensions.Logging;

namespace AiRouter.Core.Configuration.Stored;

/// <summary>
/// The document of the store. It begins with the router's own copy, takes over what the store has as soon as it answers, and holds
/// on to what it has when the store loses it (R36).
/// </summary>
internal sealed partial class StoredDocument(
    IConfigurationStore store, StoreSnapshot snapshot, ConfigurationSeed seed, ILogger<StoredDocument> logger) : IStoreDocument
{
    private const string Name = "configuration source";

    private readonly StoredConfiguration? _copy = snapshot.Configuration;
    private readonly DateTimeOffset _copied = snapshot.ConfigurationConfirmed;
    private volatile StoredConfiguration? _current = snapshot.Configuration;
    private volatile StoredConfiguration? _served;
    private volatile bool _isConfirmed;
    private volatile bool _isLost;
    private Action? _changed;
    private bool _hasToldCopy;

    public bool IsFixed => false;

    /// <summary>What the store has, or had when it was last heard.</summary>
    public StoredConfiguration? Current => _current;

    /// <summary>Whether the store said so to this process.</summary>
    public bool IsConfirmed => _isConfirmed;

    public ConfigurationDocument? Fallback => _copy is null ? null : ConfigurationDocument.Of(_copy);

    // The same content under another number is not loaded again.
    public long? ServedVersion =>
        _served is { } served && _current is { } current && current.Json == served.Json ? current.Version : _served?.Version;

    public HealthDetail Detail => (_served, _isLost, _isConfirmed) switch
    {
        (null, true, _) => new HealthDetail(Name, false, "the store has lost it"),
        (null, _, true) => new HealthDetail(Name, false, "the store has none that can be served"),
        (null, _, _) => new HealthDetail(Name, false, "the store is away, and there is no copy"),
        (_, true, _) => new HealthDetail(
            Name, false, $"the store has lost version {ServedVersion}, which goes on being served (see airouter restore)"),
        (_, _, false) => new HealthDetail(
            Name, false, $"version {ServedVersion} of the router's own copy of {_copied:u}: the store is away"),
        _ => new HealthDetail(Name, true, $"version {ServedVersion} of the store"),
    };

    public ConfigurationDocument? Read() => _current is { } current ? ConfigurationDocument.Of(current) : null;

    public void OnChange(Action changed) => _changed += changed;

    public void Serves(ConfigurationDocument document, ConfigurationLoad load)
    {
        _served = document.Stored;
        if (_isConfirmed && document.Stored is { } stored && stored != _copy)
        {
            snapshot.Keep(stored);
        }
        else if (!_isConfirmed && !_isLost && !_hasToldCopy)
        {
            _hasToldCopy = true;
            LogServingCopy(document.Stored?.Version, _copied);
        }
    }

    public async ValueTask SyncAsync(CancellationToken cancellationToken)
    {
        var state = await store.ReadStateAsync(_current, cancellationToken);
        if (state is { Version: 0, HighestServed: 0 } && _current is null && await seed.TryPlantAsync(cancellationToken))
        {
            state = await store.ReadStateAsync(null, cancellationToken);
        }

        var isLost = IsLost(state);
        TellLoss(isLost, Math.Max(_current?.Version ?? 0, state.HighestServed), state.Version);
        if (isLost)
        {
            return;
        }

        var isFirst = !_isConfirmed;
        _isConfirmed = true;
        if (state.Document is { } document)
        {
            Take(document, isFirst);
        }
    }

    // Emptied, set back to a backup, or emptied and then seeded by a router that knew no better. What a person saved later than what
    // we have is good, whatever its number: it was counted anew when the store had forgotten all of them.
    private bool IsLost(ConfigurationState state) => (_current, state.Document) switch
    {
        (null, null) => state.IsLost,
        (null, _) => false,
        (_, null) => true,
        var (mine, stored) => stored.Version < mine.Version && (stored.At <= mine.At || stored.By == ConfigurationSeed.Author),
    };

    private void Take(StoredConfiguration document, bool isFirst)
    {
        if (isFirst && _hasToldCopy)
        {
            LogCaughtUp(document.Version);
        }

        snapshot.ConfirmConfiguration();
        if (document != _current)
        {
            _current = document;
            if (document.Json == _served?.Json)
            {
                snapshot.Keep(document);
            }

            _changed?.Invoke();
        }
    }

    private void TellLoss(bool isLost, long known, long now)
    {
        if (_isLost == isLost)
        {
            return;
        }

        _isLost = isLost;
        if (isLost)
        {
            LogLost(known, now);
        }
        else
        {
            LogFound(now);
        }
    }

    [LoggerMessage(
        1011, LogLevel.Warning, "The store is away: version {Version} of the configuration is served from the router's own copy of {Confirmed:u}")]
    private partial void LogServingCopy(long? version, DateTimeOffset confirmed);

    [LoggerMessage(1012, LogLevel.Information, "The store answers, its configuration is version {Version}: the router's own copy is no longer needed")]
    private partial void LogCaughtUp(long version);

    [LoggerMessage(
        1013, LogLevel.Error,
        "The store had version {Known} of the configuration and now has {Now} (0: none): it was emptied or set back. What was served " +
        "goes on being served, and no file takes its place. \"airouter restore\" puts a router's own copy back; saving a document " +
        "with the management API replaces it")]
    private partial void LogLost(long known, long now);

    [LoggerMessage(1014, LogLevel.Information, "The store has a configuration again: version {Version}")]
    private partial void LogFound(long version);
}
