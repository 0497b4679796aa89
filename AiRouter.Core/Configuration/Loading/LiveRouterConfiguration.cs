using AiRouter.Core.Keys;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiRouter.Core.Configuration.Loading;

/// <summary>
/// Keeps the configuration up to date: looks at the content of the file and of everything it refers to once a second (R42).
/// A good edit takes the place of what is served; of a bad one all problems are logged, and nothing changes.
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
    private readonly AuthenticationLatch _latch;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveRouterConfiguration> _logger;
    private readonly Lock _gate = new();
    private readonly List<Action<RouterModel>> _listeners = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private bool _disposed;
    private volatile RouterModel? _current;
    private ContentFingerprint _seen = ContentFingerprint.Empty;

    /// <summary>Begins with <paramref name="first"/>, which must have no problems.</summary>
    /// <exception cref="InvalidConfigurationException">It has.</exception>
    public LiveRouterConfiguration(
        RouterConfigurationSource source,
        ConfigurationLoad first,
        AuthenticationLatch latch,
        TimeProvider time,
        ILogger<LiveRouterConfiguration> logger)
    {
        _source = source;
        _latch = latch;
        _time = time;
        _logger = logger;
        _current = first.Model ?? throw new InvalidConfigurationException(first.Problems);
        _seen = first.Fingerprint;
        _latch.Observe(_current.Keys);
        LogServing(source.Name, _current.Version, _current.Backends.Count, _current.Models.All.Count, _current.Keys.Count);
    }

    public RouterModel? Current => _current;

    public IDisposable OnChange(Action<RouterModel> changed)
    {
        lock (_gate)
        {
            _listeners.Add(changed);
        }

        return new Listener(this, changed);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loop = FollowAsync(_stopping.Token);
        return Task.CompletedTask;
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
        if (_source.Yaml is not null && _seen is { Secrets.Count: 0, Files.Count: 0 })
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
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
            LogLookFailed(bug, _source.Name);
        }
    }

    /// <summary>Looks once, and loads what changed.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = Look();
        if (now.Hash == _seen.Hash)
        {
            return;
        }

        // An editor may be half-way through: what is still changing is looked at again in the next round.
        await Task.Delay(Settling, _time, cancellationToken);
        if (Look().Hash != now.Hash)
        {
            return;
        }

        if (_source.Yaml is null && !now.IsFileThere && _seen.IsFileThere)
        {
            LogGone(_source.File);
            _seen = now;
            return;
        }

        var load = RouterConfigurationLoader.Load(_source, _current);
        // What was wrong before references were known (broken YAML) keeps the old ones: they may matter again.
        _seen = load.Fingerprint is { Secrets.Count: 0, Files.Count: 0 } && load.Model is null ? now : load.Fingerprint;
        if (load.Model is { } model)
        {
            Serve(model);
        }
        else
        {
            LogRefused(_source.Name, load.Problems.Count, _current?.Version);
            foreach (var problem in load.Problems)
            {
                LogProblem(problem);
            }
        }
    }

    private ContentFingerprint Look() => _seen.Read(
        _source.Yaml is { } yaml ? System.Text.Encoding.UTF8.GetBytes(yaml) : ConfigurationFile.TryRead(_source.File), _source);

    private void Serve(RouterModel model)
    {
        if (_current is { } old && old.Version == model.Version &&
            old.Backends.Values.All(b => ReferenceEquals(model.Backends[b.Name], b)))
        {
            LogSame(_source.Name, model.Version);
            return;
        }

        _latch.Observe(model.Keys);
        _current = model;
        LogServing(_source.Name, model.Version, model.Backends.Count, model.Models.All.Count, model.Keys.Count);
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
    private partial void LogRefused(string source, int count, string? version);

    // One record each: many on the one line that a record has are hard to read.
    [LoggerMessage(1006, LogLevel.Error, "{Problem}")]
    private partial void LogProblem(ConfigurationProblem problem);

    [LoggerMessage(1003, LogLevel.Warning, "{File} is gone; what it said last goes on being served")]
    private partial void LogGone(string file);

    [LoggerMessage(1004, LogLevel.Information, "{Source} says what is served already, version {Version}")]
    private partial void LogSame(string source, string version);

    [LoggerMessage(1005, LogLevel.Critical, "A part of the router did not take the new configuration over")]
    private partial void LogListenerFailed(Exception failure);

    [LoggerMessage(1006, LogLevel.Critical, "{Source} could not be looked at: a bug of the router's; it is tried again")]
    private partial void LogLookFailed(Exception bug, string source);

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
