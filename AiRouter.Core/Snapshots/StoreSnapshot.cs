using System.Text.Json;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Core.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiRouter.Core.Snapshots;

/// <summary>
/// The router's own copy of what it last got from the store (R36): it starts and serves from it while the store is away. Each part
/// has the moment at which the store last confirmed it, so that its age is the time since the store was last heard.
/// </summary>
/// <remarks>
/// Kept in <c>snapshot.json</c> of <c>AIROUTER_DATA</c>; without that folder in memory only. What changes is written at once, a mere
/// confirmation once a minute.
/// </remarks>
public sealed partial class StoreSnapshot : IHostedService, IDisposable
{
    /// <summary>The file.</summary>
    public const string FileName = "snapshot.json";

    /// <summary>How often the file is written when nothing has changed but the moment of confirmation.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly string? _file;
    private readonly TimeProvider _time;
    private readonly ILogger<StoreSnapshot> _logger;
    private readonly Lock _gate = new();
    private readonly Signal _changed;
    private readonly CancellationTokenSource _stopping = new();
    private SnapshotContent _content;
    private SnapshotContent _written;
    private Task _writing = Task.CompletedTask;
    private bool _isUnwritable;

    /// <summary>Reads what an earlier process left behind.</summary>
    public StoreSnapshot(RouterConfigurationSource source, TimeProvider time, ILogger<StoreSnapshot> logger)
    {
        _time = time;
        _logger = logger;
        _changed = new Signal(time);
        _file = source.DataFolder is { } folder ? Path.Combine(folder, FileName) : null;
        _content = _written = (_file is null ? null : TryRead(_file)) ?? SnapshotContent.Empty;
    }

    /// <summary>The last document of the store that was served, by this process or an earlier one; null: none.</summary>
    public StoredConfiguration? Configuration => Content.Configuration;

    /// <summary>When the store last said that it is the current one.</summary>
    public DateTimeOffset ConfigurationConfirmed => Content.ConfigurationConfirmed;

    /// <summary>The last keys of the store, of this process or an earlier one; null: none.</summary>
    public KeySnapshot? Keys => Content.Keys;

    /// <summary>When the store last said that they are the current ones; the default when there are none.</summary>
    public DateTimeOffset KeysConfirmed => Content.KeysConfirmed;

    private SnapshotContent Content
    {
        get
        {
            lock (_gate)
            {
                return _content;
            }
        }
    }

    /// <summary>Keeps a document of the store that is served now.</summary>
    public void Keep(StoredConfiguration configuration) =>
        Update(c => c with { Configuration = configuration }, isNew: configuration != Configuration);

    /// <summary>The store was heard, and has not lost the configuration.</summary>
    public void ConfirmConfiguration() => Update(c => c with { ConfigurationConfirmed = _time.GetUtcNow() }, isNew: false);

    /// <summary>Keeps keys of the store.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="confirmed">When the store last said that they are the current ones.</param>
    public void Keep(KeySnapshot keys, DateTimeOffset confirmed) =>
        Update(c => c with { Keys = keys, KeysConfirmed = confirmed }, isNew: keys.Version != Keys?.Version || keys.Latch != Keys.Latch);

    /// <summary>Writes from now on.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_file is null)
        {
            LogNothingKept();
        }
        else
        {
            _writing = KeepWritingAsync(_file, _stopping.Token);
        }

        return Task.CompletedTask;
    }

    /// <summary>Writes what is not written yet.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _writing.WaitAsync(cancellationToken);
        if (_file is not null)
        {
            WriteIfNew(_file);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private void Update(Func<SnapshotContent, SnapshotContent> change, bool isNew)
    {
        lock (_gate)
        {
            _content = change(_content);
        }

        if (isNew)
        {
            _changed.Set();
        }
    }

    private async Task KeepWritingAsync(string file, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _changed.WaitAsync(Interval, stoppingToken);
            WriteIfNew(file);
        }
    }

    private void WriteIfNew(string file)
    {
        var content = Content;
        if (content == _written)
        {
            return;
        }

        try
        {
            SnapshotFile.Write(file, content);
            _written = content;
            _isUnwritable = false;
        }
        catch (Exception unwritable)
        {
            // A full disk, or content that is no JSON: whatever it is, what comes next is to be written again.
            if (!_isUnwritable)
            {
                _isUnwritable = true;
                LogUnwritable(file, unwritable.Message);
            }
        }
    }

    private SnapshotContent? TryRead(string file)
    {
        try
        {
            return SnapshotFile.Read(file);
        }
        catch (Exception broken) when (
            broken is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or
                FormatException)
        {
            LogUnreadable(file, broken.Message);
            return null;
        }
    }

    [LoggerMessage(
        1031,
        LogLevel.Warning,
        "AIROUTER_DATA is not set: nothing survives a restart, and a router that starts while the store is away has no configuration")]
    private partial void LogNothingKept();

    [LoggerMessage(1032, LogLevel.Error, "{File} cannot be written: a restart while the store is away has only what it says now ({Reason})")]
    private partial void LogUnwritable(string file, string reason);

    [LoggerMessage(1033, LogLevel.Error, "{File} cannot be read: it counts as not there ({Reason})")]
    private partial void LogUnreadable(string file, string reason);
}
