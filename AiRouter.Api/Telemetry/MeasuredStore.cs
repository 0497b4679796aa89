using System.Diagnostics;
using System.Diagnostics.Metrics;
using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Api.Telemetry;

/// <summary>The store with a clock on every call: by script, and whether it answered. What is refused at once, because the store is
/// known to be away, is counted with the little time that it took.</summary>
internal sealed class MeasuredStore : IStore
{
    private readonly IStore _store;
    private readonly TimeProvider _time;
    private readonly Histogram<double> _duration;

    /// <summary>Measures the calls to <paramref name="store"/>.</summary>
    public MeasuredStore(IStore store, IMeterFactory meters, TimeProvider time)
    {
        _store = store;
        _time = time;
        _duration = meters.Create(TelemetryNames.Source).CreateHistogram(
            TelemetryNames.StoreDuration, "s", "Time that the store took, by what it was asked.", advice: Buckets.StoreCalls);
    }

    /// <inheritdoc/>
    public bool IsAvailable => _store.IsAvailable;

    /// <inheritdoc/>
    public string? Problem => _store.Problem;

    /// <inheritdoc/>
    public string Key(string name) => _store.Key(name);

    /// <inheritdoc/>
    public async ValueTask<RedisResult> RunAsync(
        StoreScript script, RedisKey[] keys, RedisValue[] arguments, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var worked = false;
        try
        {
            var result = await _store.RunAsync(script, keys, arguments, deadline, cancellationToken);
            worked = true;
            return result;
        }
        finally
        {
            Record(started, script.Path, worked, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<RedisValue> GetAsync(string key, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var worked = false;
        try
        {
            var value = await _store.GetAsync(key, deadline, cancellationToken);
            worked = true;
            return value;
        }
        finally
        {
            Record(started, "get", worked, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask PublishAsync(string channel, RedisValue message, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var worked = false;
        try
        {
            await _store.PublishAsync(channel, message, deadline, cancellationToken);
            worked = true;
        }
        finally
        {
            Record(started, "publish", worked, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(string channel, Action<RedisValue> received) => _store.Subscribe(channel, received);

    /// <inheritdoc/>
    public IDisposable OnAvailabilityChange(Action<bool> changed) => _store.OnAvailabilityChange(changed);

    // A caller that gave up says nothing of the store.
    private void Record(long started, string call, bool worked, CancellationToken cancellationToken)
    {
        if (!worked && cancellationToken.IsCancellationRequested)
        {
            return;
        }

        var tags = new TagList { { TelemetryNames.Attributes.StoreCall, call } };
        if (!worked)
        {
            tags.Add(TelemetryNames.Attributes.ErrorType, _store.IsAvailable ? "failed" : "away");
        }

        _duration.Record(_time.GetElapsedTime(started).TotalSeconds, tags);
    }
}
