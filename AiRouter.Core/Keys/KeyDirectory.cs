using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiRouter.Core.Keys;

/// <summary>
/// The client keys that requests are checked against: those of the configuration and those of the store, in one table that is swapped
/// whole when either changes. It follows the store by its messages, and looks by itself too, because a message may be lost (R45).
/// While the store is away, what was known last goes on, for <c>store.maxStaleHours</c>.
/// </summary>
public sealed partial class KeyDirectory : IHostedService, IDisposable
{
    /// <summary>How often it looks by itself. A lost message may cost 10 s (R45), reading included.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(8);

    /// <summary>How often it reads everything, not only what has changed.</summary>
    internal static readonly TimeSpan FullReadInterval = TimeSpan.FromHours(1);

    private static readonly TimeSpan FirstLookDeadline = TimeSpan.FromSeconds(3);

    // With 10,000 keys a change costs 12 ms of one core (read 1.5, merge 6, freeze 5). Somebody who imports thousands, each a change,
    // must not keep a core busy; a change still counts within a second.
    private const int ManyKeys = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly IRouterConfiguration _configuration;
    private readonly IStore? _store;
    private readonly IKeyStore? _keys;
    private readonly TimeProvider _time;
    private readonly ILogger<KeyDirectory> _logger;
    private readonly Lock _gate = new();
    private readonly List<Action> _listeners = [];
    private readonly List<IDisposable> _sources = [];
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private Task _following = Task.CompletedTask;
    private KeyKnowledge _knowledge = KeyKnowledge.Nothing;
    private KeyTable? _table;
    private IReadOnlyList<string> _shadowed = [];
    private volatile ClientKeys _current = new([]);
    private volatile bool _readsEverything = true;
    private volatile bool _hasRead;
    private DateTimeOffset _everythingAt;
    private bool _isDisposed;

    /// <summary>Begins with the keys of the configuration.</summary>
    /// <param name="configuration">Declares keys; followed from now on.</param>
    /// <param name="store">Tells when the store's keys change; null: there is no store.</param>
    /// <param name="keys">The store's keys; null: there is no store.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it tells.</param>
    public KeyDirectory(
        IRouterConfiguration configuration, IStore? store, IKeyStore? keys, TimeProvider time, ILogger<KeyDirectory> logger)
    {
        _configuration = configuration;
        _store = store;
        _keys = keys;
        _time = time;
        _logger = logger;
        _sources.Add(configuration.OnChange(_ => Rebuild()));
        Rebuild();
    }

    /// <summary>What to check a new request against. A request keeps the one that it began with.</summary>
    public ClientKeys Current => _current;

    /// <summary>
    /// Whether there is, ever was, or (as long as the store has never been read) may be a key: then
    /// <c>authentication: auto</c> is closed (R1).
    /// </summary>
    public bool MayHaveExisted => _current.Count > 0 || Volatile.Read(ref _knowledge).AnyHasExisted || (_keys is not null && !_hasRead);

    /// <summary>The version of the store's keys that is known; 0: none.</summary>
    public long Version => Volatile.Read(ref _knowledge).Store?.Version ?? 0;

    /// <summary>What is known of the store's keys, to be kept on disk; null: nothing.</summary>
    public KeySnapshot? Copy => Volatile.Read(ref _knowledge).Copy;

    /// <summary>When <see cref="Copy"/> was last known to be what the store has.</summary>
    public DateTimeOffset SeenAt => Volatile.Read(ref _knowledge).SeenAt;

    /// <summary>What is wrong with the view of the store's keys, for operators; null: nothing.</summary>
    public string? Problem
    {
        get
        {
            var known = Volatile.Read(ref _knowledge);
            return (_keys, known) switch
            {
                (null, _) => null,
                (_, { Store: null }) => "the store has never been reached: its keys are unknown",
                _ when !_current.IsStoreTrusted => $"the store's keys were last seen at {known.SeenAt:u}: they do not work any more",
                (_, { IsEmptied: true }) => $"the store has lost its keys: those of {known.SeenAt:u} go on working",
                _ when _store is { IsAvailable: false } => $"the store is away: its keys of {known.SeenAt:u} go on working",
                (_, { Lost: { } lost }) when lost.SeenAt + MaxStale > _time.GetUtcNow() =>
                    $"the store lost its keys and has others now: those of {lost.SeenAt:u} go on working too",
                _ => null,
            };
        }
    }

    private TimeSpan MaxStale => TimeSpan.FromHours((_configuration.Current?.Config.Store ?? new StoreConfig()).MaxStaleHours);

    /// <summary>Calls back after each change of <see cref="Current"/> or <see cref="Copy"/>; dispose to stop.</summary>
    public IDisposable OnChange(Action changed)
    {
        lock (_gate)
        {
            _listeners.Add(changed);
        }

        return new Registration(() =>
        {
            lock (_gate)
            {
                _listeners.Remove(changed);
            }
        });
    }

    /// <summary>Takes over what the disk has kept; what the store says itself comes before it.</summary>
    /// <param name="copy">What <see cref="Copy"/> was.</param>
    /// <param name="seenAt">When it was last known to be true.</param>
    public void Restore(KeySnapshot copy, DateTimeOffset seenAt) =>
        Learn(known => known.Restore(copy, seenAt, _time.GetUtcNow()));

    /// <summary>Looks once, and follows the store from now on. A store that is away does not hold the start up.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_keys is null || _store is null)
        {
            return;
        }

        _sources.Add(_store.Subscribe(new KeyStoreNames(_store).Changed, _ => Wake()));
        _sources.Add(_store.OnAvailabilityChange(_ =>
        {
            _readsEverything = true;
            Wake();
        }));
        _sources.Add(_time.CreateTimer(_ => Wake(), null, Interval, Interval));
        var first = LookAsync(_stopping.Token);
        _following = FollowAsync(first, _stopping.Token);
        try
        {
            await first.WaitAsync(FirstLookDeadline, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            LogSlow(FirstLookDeadline.TotalSeconds);
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _following.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        _stopping.Cancel();
        foreach (var source in _sources)
        {
            source.Dispose();
        }

        _stopping.Dispose();
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is going to look already.
        }
    }

    private async Task FollowAsync(Task first, CancellationToken stoppingToken)
    {
        try
        {
            await first;
            while (true)
            {
                await _wake.WaitAsync(stoppingToken);
                await LookAsync(stoppingToken);
                if (_current.Count > ManyKeys)
                {
                    await Task.Delay(Pause, _time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = _time.GetUtcNow();
            var reads = _readsEverything || now - _everythingAt > FullReadInterval;
            _readsEverything = false;
            var known = Volatile.Read(ref _knowledge).Store;
            var read = await _keys!.ReadAsync(reads ? null : known, cancellationToken);
            _everythingAt = reads ? now : _everythingAt;
            _hasRead = true;

            // What was read is true of the moment at which the reading began, however long it took.
            Learn(knowledge => knowledge.See(read, now));
            await RemindAsync(cancellationToken);
        }
        catch (StoreUnavailableException away)
        {
            _readsEverything = true;
            LogAway(away.Message);
            Learn(knowledge => knowledge);
        }
        catch (Exception bug) when (bug is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // What was known goes on as long as it may: one answer that nobody expected must not end the following.
            _readsEverything = true;
            LogFailed(bug);
            Learn(knowledge => knowledge);
        }
    }

    // A failover to a replica that was behind, or an older backup: the store learns again what must never work (R3).
    private async Task RemindAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (Volatile.Read(ref _knowledge).Forgotten(now) is { Count: > 0 } forgotten)
        {
            LogForgotten(forgotten.Count);
            await _keys!.RevokeHashesAsync(forgotten, new Change(now, "router"), cancellationToken);
        }
    }

    private void Learn(Func<KeyKnowledge, KeyKnowledge> learn)
    {
        Action[] listeners;
        lock (_gate)
        {
            var before = _knowledge;
            var after = learn(before);
            Volatile.Write(ref _knowledge, after);
            Tell(before, after);
            var isTrusted = IsTrusted(after);
            if (ReferenceEquals(before.Store?.Records, after.Store?.Records) && ReferenceEquals(before.Revoked, after.Revoked) &&
                ReferenceEquals(before.Lost, after.Lost) && isTrusted == _current.IsStoreTrusted)
            {
                return;
            }

            Build(isTrusted);
            listeners = [.. _listeners];
        }

        Array.ForEach(listeners, listener => listener());
    }

    private void Rebuild()
    {
        Action[] listeners;
        lock (_gate)
        {
            Build(IsTrusted(_knowledge));
            listeners = [.. _listeners];
        }

        Array.ForEach(listeners, listener => listener());
    }

    private bool IsTrusted(KeyKnowledge knowledge) => knowledge.Store is null || _time.GetUtcNow() < knowledge.SeenAt + MaxStale;

    private void Build(bool isTrusted)
    {
        var table = new KeyTable(_knowledge.Revoked, _table);
        table.Add(_knowledge.Store?.Records ?? []);
        if (_knowledge.Lost is { } lost)
        {
            table.Add(lost.Records, lost.SeenAt + MaxStale);
        }

        var shadowed = _configuration.Current is { } model ? table.Add(model.Keys) : [];
        foreach (var name in shadowed.Except(_shadowed, StringComparer.Ordinal))
        {
            LogShadowed(name);
        }

        _shadowed = shadowed;

        if (!isTrusted && _current.IsStoreTrusted)
        {
            LogTooOld(_knowledge.SeenAt, MaxStale.TotalHours);
        }

        _table = table;
        _current = table.ToClientKeys(isTrusted);
    }

    private void Tell(KeyKnowledge before, KeyKnowledge after)
    {
        if (after.IsEmptied && !before.IsEmptied)
        {
            LogEmptied(before.SeenAt);
        }

        if (!ReferenceEquals(before.Lost, after.Lost))
        {
            LogOther(after.Store!.Records.Count, after.Lost!.Records.Count, after.Lost.SeenAt + MaxStale);
        }

        if (after.Store is { } store && store.Version != before.Store?.Version)
        {
            LogRead(store.Version, store.Records.Count, after.Revoked.Count);
        }
    }

    [LoggerMessage(1311, LogLevel.Debug, "The store's keys, version {Version}: {Keys} keys, {Revoked} revoked secrets")]
    private partial void LogRead(long version, int keys, int revoked);

    [LoggerMessage(1312, LogLevel.Debug, "The store's keys could not be read: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(1313, LogLevel.Error, "The store has lost its keys: those of {SeenAt:u} go on working. Restore its backup.")]
    private partial void LogEmptied(DateTimeOffset seenAt);

    [LoggerMessage(1314, LogLevel.Error,
        "The store lost its keys and has {Now} others now: the {Before} of before go on working until {Until:u}")]
    private partial void LogOther(int now, int before, DateTimeOffset until);

    [LoggerMessage(1315, LogLevel.Error,
        "The store's keys were last seen at {SeenAt:u}, longer ago than store.maxStaleHours ({Hours}): they do not work any more")]
    private partial void LogTooOld(DateTimeOffset seenAt, double hours);

    [LoggerMessage(1316, LogLevel.Warning, "The store has forgotten {Count} revoked secrets: it is told again")]
    private partial void LogForgotten(int count);

    [LoggerMessage(1317, LogLevel.Warning, "The key \"{Name}\" of the configuration is in the store too: the store's record counts")]
    private partial void LogShadowed(string name);

    [LoggerMessage(1318, LogLevel.Warning, "The store's keys were not read within {Seconds} s: they are read in the background")]
    private partial void LogSlow(double seconds);

    [LoggerMessage(1319, LogLevel.Critical, "The store's keys could not be read: a bug of the router's; it is tried again")]
    private partial void LogFailed(Exception bug);
}
