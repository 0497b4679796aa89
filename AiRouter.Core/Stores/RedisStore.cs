using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace AiRouter.Core.Stores;

/// <summary><see cref="IStore"/> over StackExchange.Redis.</summary>
public sealed partial class RedisStore : IStore, IHostedService, IAsyncDisposable
{
    /// <summary>How often the connection is probed, and the store's clock compared with ours.</summary>
    internal static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    private static readonly StoreScript Probe = new("Stores/probe.lua");

    private readonly RedisStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisStore> _logger;
    private readonly StoreBreaker _breaker = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Task<ConnectionMultiplexer>> _connection;
    private readonly string _tag;
    private Task _probing = Task.CompletedTask;
    private long _clockOffset;
    private bool _wasAvailable;
    private bool _isDisposed;

    /// <summary>Knows where the store is; connects when the host starts, or with the first call.</summary>
    public RedisStore(RedisStoreOptions options, TimeProvider time, ILogger<RedisStore> logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _tag = $"{{{options.Prefix}}}:";
        _connection = new Lazy<Task<ConnectionMultiplexer>>(ConnectAsync);
    }

    /// <inheritdoc/>
    public bool IsAvailable => _breaker.IsClosed;

    /// <inheritdoc/>
    public string? Problem => _breaker.Problem;

    /// <summary>The time that scripts take for now, for tests that move it; null: the store's own clock.</summary>
    internal TimeProvider? Clock { get; init; }

    /// <inheritdoc/>
    public string Key(string name) => _tag + name;

    /// <summary>Connects, and probes from now on. It returns without waiting long: the store may be down.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ProbeAsync(cancellationToken);
        _probing = KeepProbingAsync(_stopping.Token);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _probing.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<RedisResult> RunAsync(
        StoreScript script, RedisKey[] keys, RedisValue[] arguments, TimeSpan deadline, CancellationToken cancellationToken)
    {
        ThrowIfAway();
        return await SendAsync(script, keys, arguments, deadline, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<RedisValue> GetAsync(string key, TimeSpan deadline, CancellationToken cancellationToken)
    {
        ThrowIfAway();
        return await WithinAsync(database => database.StringGetAsync(key), deadline, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask PublishAsync(string channel, RedisValue message, TimeSpan deadline, CancellationToken cancellationToken)
    {
        ThrowIfAway();
        await WithinAsync(database => database.PublishAsync(Channel(channel), message), deadline, cancellationToken);
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(string channel, Action<RedisValue> received)
    {
        void Receive(RedisChannel _, RedisValue message) => received(message);
        var subscribed = SubscribeAsync(channel, Receive);
        return new Registration(() => _ = UnsubscribeAsync(subscribed, channel, Receive));
    }

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
        await _probing;
        if (_connection is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            // Not closed in an orderly way: that waits for a store that hangs.
            await (await _connection.Value).CloseAsync(allowCommandsToComplete: false);
        }

        _stopping.Dispose();
    }

    private static RedisChannel Channel(string name) => RedisChannel.Literal(name);

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var configuration = ConfigurationOptions.Parse(_options.ConnectionString);
        configuration.AbortOnConnectFail = false;
        configuration.ClientName = _options.ClientName;
        configuration.ConnectTimeout = 2000;
        configuration.AsyncTimeout = 5000;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ReconnectRetryPolicy = new LinearRetry(500);
        var connection = await ConnectionMultiplexer.ConnectAsync(configuration);
        connection.ConnectionFailed += (_, failure) => _breaker.Open($"the connection was lost ({failure.FailureType})");
        return connection;
    }

    private void ThrowIfAway()
    {
        if (_breaker.Problem is { } problem)
        {
            throw new StoreUnavailableException($"The store is away: {problem}.");
        }
    }

    private async Task<RedisResult> SendAsync(
        StoreScript script, RedisKey[] keys, RedisValue[] arguments, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var all = new RedisValue[arguments.Length + 2];
        var asked = _time.GetUtcNow().ToUnixTimeMilliseconds();
        all[0] = Clock is null ? asked + Volatile.Read(ref _clockOffset) + (long)deadline.TotalMilliseconds : 0;
        all[1] = Clock?.GetUtcNow().ToUnixTimeMilliseconds() ?? RedisValue.EmptyString;
        arguments.CopyTo(all, 2);
        try
        {
            return await WithinAsync(database => database.ScriptEvaluateAsync(script.Text, keys, all), deadline, cancellationToken);
        }
        catch (RedisServerException late) when (late.Message.Contains("LATE ", StringComparison.Ordinal))
        {
            throw Failure("a script arrived after its deadline", late);
        }
    }

    private async Task<T> WithinAsync<T>(Func<IDatabase, Task<T>> ask, TimeSpan deadline, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await _connection.Value.WaitAsync(deadline, cancellationToken);
            var answer = await ask(connection.GetDatabase()).WaitAsync(deadline, cancellationToken);
            _breaker.Succeeded();
            return answer;
        }
        catch (TimeoutException slow)
        {
            throw Failure("no answer in time", slow);
        }
        catch (RedisConnectionException lost)
        {
            throw Failure($"no connection ({lost.FailureType})", lost);
        }
        catch (RedisServerException refused) when (IsPassing(refused.Message))
        {
            throw Failure("it is loading, or a replica without a primary", refused);
        }
    }

    // What a Redis says while it starts or fails over; everything else is a mistake of a script.
    private static bool IsPassing(string message) =>
        message.StartsWith("LOADING", StringComparison.Ordinal) || message.StartsWith("READONLY", StringComparison.Ordinal) ||
        message.StartsWith("MASTERDOWN", StringComparison.Ordinal) || message.StartsWith("CLUSTERDOWN", StringComparison.Ordinal) ||
        message.StartsWith("TRYAGAIN", StringComparison.Ordinal) || message.StartsWith("BUSY", StringComparison.Ordinal) ||
        message.StartsWith("OOM", StringComparison.Ordinal) || message.StartsWith("MISCONF", StringComparison.Ordinal);

    private StoreUnavailableException Failure(string problem, Exception cause)
    {
        _breaker.Failed(problem);
        return new StoreUnavailableException($"The store is away: {problem}.", cause);
    }

    private async Task SubscribeAsync(string channel, Action<RedisChannel, RedisValue> receive)
    {
        var connection = await _connection.Value;
        await connection.GetSubscriber().SubscribeAsync(Channel(channel), receive);
    }

    private static async Task UnsubscribeCoreAsync(ConnectionMultiplexer connection, string channel, Action<RedisChannel, RedisValue> receive) =>
        await connection.GetSubscriber().UnsubscribeAsync(Channel(channel), receive);

    private async Task UnsubscribeAsync(Task subscribed, string channel, Action<RedisChannel, RedisValue> receive)
    {
        try
        {
            await subscribed;
            await UnsubscribeCoreAsync(await _connection.Value, channel, receive);
        }
        catch (Exception gone) when (gone is RedisException or TimeoutException or ObjectDisposedException)
        {
            LogNotUnsubscribed(gone.Message);
        }
    }

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
        var asked = _time.GetUtcNow();
        try
        {
            // The first answer takes as long as a connection does.
            var deadline = IsAvailable ? StoreDeadlines.Request * 4 : TimeSpan.FromSeconds(3);
            var connection = await _connection.Value.WaitAsync(deadline, cancellationToken);
            var answer = await connection.GetDatabase()
                .ScriptEvaluateAsync(Probe.Text, [], [0, RedisValue.EmptyString]).WaitAsync(deadline, cancellationToken);
            var half = (_time.GetUtcNow() - asked) / 2;
            Volatile.Write(ref _clockOffset, (long)answer - (asked + half).ToUnixTimeMilliseconds());
            _breaker.Close();
        }
        catch (Exception failure) when (failure is TimeoutException or RedisException)
        {
            _breaker.Failed(failure is TimeoutException ? "no answer in time" : "no connection");
        }

        TellOnce();
    }

    private void TellOnce()
    {
        if (_wasAvailable == IsAvailable)
        {
            return;
        }

        _wasAvailable = IsAvailable;
        if (_wasAvailable)
        {
            LogAvailable();
        }
        else
        {
            LogAway(Problem);
        }
    }

    [LoggerMessage(1201, LogLevel.Information, "The store answers")]
    private partial void LogAvailable();

    [LoggerMessage(1202, LogLevel.Warning, "The store is away ({Problem}): what was read last goes on being served")]
    private partial void LogAway(string? problem);

    [LoggerMessage(1203, LogLevel.Debug, "A subscription could not be ended: {Reason}")]
    private partial void LogNotUnsubscribed(string reason);
}
