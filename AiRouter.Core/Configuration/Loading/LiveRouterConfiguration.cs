using AiRouter.Core.Keys;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiRouter.Core.Configuration.Loading;

/// <summary>
/// Keeps the configuration up to date: looks at the document and at everything it refers to once a second (R42), and at once when
/// its source says so. A good edit takes the place of what is served; of a bad one all problems are logged, and nothing changes.
/// </summary>
/// <remarks>
/// Not a <see cref="BackgroundService"/>: when the host fails to start (an address in use), the host would report the loop's
/// cancellation as a crash, beside the one sentence that tells what is wrong.
/// </remarks>
internal sealed partial class LiveRouterConfiguration : IHostedService, IRouterConfiguration, IDisposable
{
    /// <summary>How often it looks.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How long content must stay the same to count as written to its end.</summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(100);

    private readonly RouterConfigurationSource _source;
    private readonly IDocumentSource _documents;
    private readonly AuthenticationLatch _latch;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveRouterConfiguration> _logger;
    private readonly Lock _gate = new();
    private readonly List<Action<RouterModel>> _listeners = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Signal _changed;
    private Task _loop = Task.CompletedTask;
    private bool _disposed;
    private volatile RouterModel? _current;
    private volatile IReadOnlyList<ConfigurationProblem> _problems = [];
    private volatile IReadOnlyList<ConfigurationLock> _locks = [];
    private ContentFingerprint _seen = ContentFingerprint.Empty;

    /// <summary>Serves nothing until it has looked; <see cref="Begin"/> to begin with something.</summary>
    public LiveRouterConfiguration(
        RouterConfigurationSource source,
        IDocumentSource documents,
        AuthenticationLatch latch,
        TimeProvider time,
        ILogger<LiveRouterConfiguration> logger)
    {
        _source = source;
        _documents = documents;
        _latch = latch;
        _time = time;
        _logger = logger;
        _changed = new Signal(time);
        documents.OnChange(_changed.Set);
    }

    /// <summary>What is wrong with the newest document, which is therefore not served; empty when it is.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems => _problems;

    /// <summary>What the environment lays over the document that is served.</summary>
    public IReadOnlyList<ConfigurationLock> Locks => _locks;

    public RouterModel? Current => _current;

    public IDisposable OnChange(Action<RouterModel> changed)
    {
        lock (_gate)
        {
            _listeners.Add(changed);
        }

        return new Listener(this, changed);
    }

    /// <summary>Begins with what was loaded from the source already.</summary>
    /// <exception cref="InvalidConfigurationException">It has problems.</exception>
    public LiveRouterConfiguration Begin(ConfigurationLoad first)
    {
        var document = _documents.Read() ?? throw new InvalidOperationException("A source whose document was loaded has one.");
        _seen = first.Fingerprint;
        Serve(document, first.Model is not null ? first : throw new InvalidConfigurationException(first.Problems));
        return this;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_current is null)
        {
            await TryLookAsync(cancellationToken);
        }

        _loop = FollowAsync(_stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loop.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the loop. A container that knows the object under several types disposes it as often.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        if (_documents.IsFixed && _seen is { Secrets.Count: 0, Files.Count: 0 })
        {
            return;
        }

        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await _changed.WaitAsync(Interval, stoppingToken);
                await TryLookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops, or never came up.
        }
    }

    private async Task TryLookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            // It would end the host: whatever an edit sets off, the good configuration goes on being served.
            LogLookFailed(bug);
        }
    }

    /// <summary>Looks once, and loads what changed.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        if (_documents.Read() is not { } document || Look(document) is var now && now.Hash == _seen.Hash)
        {
            return;
        }

        // An editor may be half-way through: what is still changing is looked at again in the next round.
        await Task.Delay(Settling, _time, cancellationToken);
        if (_documents.Read() is not { } settled || Look(settled).Hash != now.Hash)
        {
            return;
        }

        if (settled.Content is null && _seen.IsFileThere)
        {
            LogGone(settled.Name);
            _seen = now;
            return;
        }

        Take(settled, now);
    }

    private void Take(ConfigurationDocument document, ContentFingerprint now)
    {
        var load = RouterConfigurationLoader.LoadDocument(document, _source, _current);

        // What was wrong before references were known (broken YAML) keeps the old ones: they may matter again.
        _seen = load.Fingerprint is { Secrets.Count: 0, Files.Count: 0 } && load.Model is null ? now : load.Fingerprint;
        _problems = load.Problems;
        if (load.Model is not null)
        {
            Serve(document, load);
            return;
        }

        LogRefused(document, load.Problems);
        if (_current is null && _documents.Fallback is { } fallback &&
            RouterConfigurationLoader.LoadDocument(fallback, _source, null) is { Model: not null } last)
        {
            Serve(fallback, last);
        }
    }

    private void LogRefused(ConfigurationDocument document, IReadOnlyList<ConfigurationProblem> problems)
    {
        if (_current is { } current)
        {
            LogRefused(document.Name, problems.Count, current.Version);
        }
        else
        {
            LogNothingToServe(document.Name, problems.Count);
        }

        foreach (var problem in problems)
        {
            LogProblem(problem);
        }
    }

    private ContentFingerprint Look(ConfigurationDocument document) => _seen.Read(document.Content, _source);

    private void Serve(ConfigurationDocument document, ConfigurationLoad load)
    {
        var model = load.Model!;
        _documents.Serves(document, load);
        _locks = load.Locks;
        if (_current is { } old && old.Version == model.Version &&
            old.Backends.Values.All(b => ReferenceEquals(model.Backends[b.Name], b)))
        {
            LogSame(document.Name, model.Version);
            return;
        }

        _latch.Observe(model.Keys);
        _current = model;
        LogServing(document.Name, model.Version, model.Backends.Count, model.Models.All.Count, model.Keys.Count);
        Action<RouterModel>[] listeners;
        lock (_gate)
        {
            listeners = [.. _listeners];
        }

        foreach (var listener in listeners)
        {
            try
            {
                listener(model);
            }
            catch (Exception failure)
            {
                // Somebody else's code: its failure must not keep the others, or the next edit, from being told.
                LogListenerFailed(failure);
            }
        }
    }

    [LoggerMessage(
        1001,
        LogLevel.Information,
        "Serving {Source}, version {Version}: {Backends} backends, {Models} models, {Keys} keys")]
    private partial void LogServing(string source, string version, int backends, int models, int keys);

    [LoggerMessage(1002, LogLevel.Error, "{Source} has {Count} problem(s); version {Version} goes on being served")]
    private partial void LogRefused(string source, int count, string version);

    [LoggerMessage(1007, LogLevel.Error, "{Source} has {Count} problem(s)")]
    private partial void LogNothingToServe(string source, int count);

    // One record each: many on the one line that a record has are hard to read.
    [LoggerMessage(1006, LogLevel.Error, "{Problem}")]
    private partial void LogProblem(ConfigurationProblem problem);

    [LoggerMessage(1003, LogLevel.Warning, "{Source} is gone; what it said last goes on being served")]
    private partial void LogGone(string source);

    [LoggerMessage(1004, LogLevel.Information, "{Source} says what is served already, version {Version}")]
    private partial void LogSame(string source, string version);

    [LoggerMessage(1005, LogLevel.Critical, "A part of the router did not take the new configuration over")]
    private partial void LogListenerFailed(Exception failure);

    [LoggerMessage(1008, LogLevel.Critical, "The configuration could not be looked at: a bug of the router's; it is tried again")]
    private partial void LogLookFailed(Exception bug);

    private sealed class Listener(LiveRouterConfiguration owner, Action<RouterModel> changed) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._listeners.Remove(changed);
            }
        }
    }
}
