using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace AiRouter.Core.Stores;

/// <summary><see cref="IStore"/> over StackExchange.Redis.</summary>
public sealed partial class RedisStore : IStore, IHostedService, IAsyncDisposable
{
    /// <summary>How often the connection is probed, and the store's clock compared with ours.</summary>
    internal static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    private const int MostProbes = 4;

    // The first answer takes as long as a connection does, and the start of a process must not take longer (R36).
    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ProbeDeadline = StoreDeadlines.Request * 4;
    private static readonly StoreScript Probe = new("Stores/probe.lua");

    private readonly TimeProvider _time;
    private readonly ILogger<RedisStore> _logger;
    private readonly string _tag;
    private readonly RedisKey[] _probeKeys;
    private readonly RedisConnection _connection;
    private readonly StoreSubscriptions _subscriptions;
    private readonly StoreClock _clock;
    private readonly StoreBreaker _breaker = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _probing = Task.CompletedTask;
    private Task _checking = Task.CompletedTask;
    private bool _isChecked;
    private string? _told;
    private bool _isDisposed;

    /// <summary>Knows where the store is; connects when the host starts.</summary>
    /// <exception cref="FormatException">The options cannot be used.</exception>
    public RedisStore(RedisStoreOptions options, TimeProvider time, ILogger<RedisStore> logger)
    {
        _time = time;
        _logger = logger;
        _tag = $"{{{options.Prefix}}}:";
        _probeKeys = [Key("probe")];
        _connection = new RedisConnection(RedisConfiguration.For(options));
        _subscriptions = new StoreSubscriptions(logger);
        _clock = new StoreClock(time);
        _told = Problem;
    }

    /// <inheritdoc/>
    public bool IsAvailable => _breaker.IsClosed;

    /// <inheritdoc/>
    public string? Problem => _breaker.Problem;

    /// <summary>The time that scripts take for now, for tests that move it; null: the store's own clock.</summary>
    internal TimeProvider? Clock { get; init; }

    /// <summary>Ends when the store was asked whether it keeps what it is told; only once there was a connection.</summary>
    internal Task Checked => _checking;

    /// <inheritdoc/>
    public string Key(string name) => _tag + name;

    /// <summary>Connects, and probes from now on. It returns within about 3 s: the store may be down.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ProbeAsync(cancellationToken);
        _probing = KeepProbingAsync(_stopping.Token);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_probing, _checking).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<RedisResult> RunAsync(
        StoreScript script, RedisKey[] keys, RedisValue[] arguments, TimeSpan deadline, CancellationToken cancellationToken) =>
        _breaker.Problem is { } problem
            ? ValueTask.FromException<RedisResult>(Away(problem))
            : WithinAsync(database => EvaluateAsync(database, script, keys, arguments, deadline), deadline, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RedisValue> GetAsync(string key, TimeSpan deadline, CancellationToken cancellationToken) =>
        _breaker.Problem is { } problem
            ? ValueTask.FromException<RedisValue>(Away(problem))
            : WithinAsync(database => database.StringGetAsync(key), deadline, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask PublishAsync(string channel, RedisValue message, TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (_breaker.Problem is { } problem)
        {
            throw Away(problem);
        }

        await WithinAsync(database => database.PublishAsync(RedisChannel.Literal(channel), message), deadline, cancellationToken);
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(string channel, Action<RedisValue> received) => _subscriptions.Add(channel, received);

    /// <inheritdoc/>
    public IDisposable OnAvailabilityChange(Action<bool> changed) => _breaker.OnChange(changed);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A container that knows it under several types disposes it as often.
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _stopping.CancelAsync();
        await Task.WhenAll(_probing, _checking);
        await _connection.DisposeAsync();
        _breaker.Dispose();
        _stopping.Dispose();
    }

    private static StoreUnavailableException Away(string problem) => new($"The store is away: {problem}.");

    private Task<RedisResult> EvaluateAsync(
        IDatabase database, StoreScript script, RedisKey[] keys, RedisValue[] arguments, TimeSpan deadline)
    {
        var all = new RedisValue[arguments.Length + 2];
        all[0] = Clock is null ? _clock.Now + (long)deadline.TotalMilliseconds : 0;
        all[1] = Clock?.GetUtcNow().ToUnixTimeMilliseconds() ?? RedisValue.EmptyString;
        arguments.CopyTo(all, 2);
        return database.ScriptEvaluateAsync(script.Text, keys, all);
    }

    private async ValueTask<T> WithinAsync<T>(Func<IDatabase, Task<T>> ask, TimeSpan deadline, CancellationToken cancellationToken)
    {
        // Who waits when the breaker opens waits no longer.
        var opened = _breaker.Opened;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, opened);
        Task<T>? asked = null;
        try
        {
            asked = ask(_connection.Current!.GetDatabase());
            var answer = await asked.WaitAsync(deadline, waiting.Token);
            _breaker.Succeeded();
            return answer;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Forget(asked);
            throw;
        }
        catch (Exception failure) when (ProblemOf(failure) is { } problem)
        {
            Forget(asked);
            if (!opened.IsCancellationRequested)
            {
                _breaker.Failed(problem);
            }

            throw new StoreUnavailableException($"The store is away: {problem}.", failure);
        }
    }

    private string? ProblemOf(Exception failure)
    {
        switch (failure)
        {
            case OperationCanceledException:
                return _breaker.Problem ?? StoreFailure.NoAnswer;
            case RedisServerException late when late.Message.Contains("LATE ", StringComparison.Ordinal):
                // Somebody still waits, so it is the clocks that are apart.
                _clock.Forget();
                return StoreFailure.Late;
            default:
                return StoreFailure.Of(failure);
        }
    }

    // Nobody waits for it any longer, so nobody would see how it ends.
    private static void Forget(Task? asked) => asked?.ContinueWith(
        static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private async Task KeepProbingAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ProbeInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await ProbeAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        TellOnce();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(IsAvailable ? ProbeDeadline : ConnectDeadline);
        Task<RedisResult>? asked = null;
        try
        {
            var isFirst = _connection.Current is null;
            var connection = await _connection.OpenAsync(deadline.Token);
            if (isFirst)
            {
                _subscriptions.Attach(connection.GetSubscriber());
            }

            // The first answer over a connection is slow, and says little of the clock.
            for (var i = 0; i < MostProbes && (i == 0 || !_clock.IsWellKnown); i++)
            {
                var sent = _time.GetTimestamp();
                asked = connection.GetDatabase().ScriptEvaluateAsync(Probe.Text, _probeKeys, [0, RedisValue.EmptyString]);
                _clock.Learn(sent, (long)await asked.WaitAsync(deadline.Token));
            }

            _breaker.Close();
            CheckOnce(connection);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Forget(asked);
            Fail(new TimeoutException());
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whatever it is: a probe that ended would leave the store away for good.
            Fail(failure);
        }

        TellOnce();
    }

    private void Fail(Exception failure)
    {
        if (StoreFailure.Of(failure) is not { } problem)
        {
            LogUnexpected(failure);
            problem = "its answer is not understood";
        }

        _clock.Forget();
        if (IsAvailable && failure is TimeoutException)
        {
            _breaker.Failed(problem);
        }
        else
        {
            _breaker.Open(problem);
        }

        if (failure is RedisServerException { Kind: RedisErrorKind.ReadOnly or RedisErrorKind.MasterDown } or RedisCommandException)
        {
            // Another server may be the primary by now.
            Forget(_connection.Current?.ConfigureAsync());
        }
    }

    private void CheckOnce(ConnectionMultiplexer connection)
    {
        if (!_isChecked)
        {
            _isChecked = true;
            _checking = new StoreSuitability(_logger).CheckAsync(connection.GetDatabase(), _stopping.Token);
        }
    }

    // Called by the probe alone; a change between two probes is told by the next.
    private void TellOnce()
    {
        var problem = Problem;
        if (problem == _told)
        {
            return;
        }

        _told = problem;
        if (problem is null)
        {
            LogAvailable();
        }
        else
        {
            LogAway(problem);
        }
    }

    [LoggerMessage(1201, LogLevel.Information, "The store answers")]
    private partial void LogAvailable();

    [LoggerMessage(1202, LogLevel.Warning, "The store is away ({Problem}): what was read last goes on being served")]
    private partial void LogAway(string problem);

    [LoggerMessage(1204, LogLevel.Error, "The store was probed and something failed that is no answer of it")]
    private partial void LogUnexpected(Exception failure);
}
