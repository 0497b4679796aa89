using AiRouter.Core.Configuration.Loading;
using AiRouter.Core.Stores;
using Microsoft.Extensions.Logging;

namespace AiRouter.Core.Configuration.Stored;

/// <summary>Says once that a file was edited which no longer means anything, because the store has the configuration (R35).</summary>
internal sealed partial class FileDrift(
    RouterConfigurationSource source, StoredDocument stored, IConfigurationStore store, ILogger<FileDrift> logger) : IStoreSync
{
    private readonly FileDocument _file = new(source);
    private byte[]? _seen;

    public async ValueTask SyncAsync(CancellationToken cancellationToken)
    {
        if (!stored.IsConfirmed || stored.Current is not { } current || _file.Read() is not { Content: { } content } file ||
            _seen is not null && content.AsSpan().SequenceEqual(_seen))
        {
            return;
        }

        _seen = content;
        if (RouterConfigurationLoader.LoadDocument(file, source with { Assets = null }, null).Document is { } document &&
            ConfigurationJson.Write(document) is var json && json != current.Json &&
            StoredConfiguration.HashOf(json) != (await store.ReadStateAsync(current, cancellationToken)).SeedHash)
        {
            LogDrift(file.Name, current.Version);
        }
    }

    [LoggerMessage(
        1017, LogLevel.Warning,
        "{File} is not what is served, and what it says changes nothing: the configuration is in the store (version {Version}). To take " +
        "the file over, send it to the management API (POST /api/v1/import); to let it rule, set AIROUTER_CONFIG_MODE=gitops; to end " +
        "this message, remove it")]
    private partial void LogDrift(string file, long version);
}
