using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Tests.Fixtures;

/// <summary>A store whose connection a test can cut, and whose messages it can lose, for one of those who share it.</summary>
internal sealed class StoreSwitch(IStore inner) : IStore
{
    private readonly List<Action<bool>> _listeners = [];
    private volatile bool _isCut;

    /// <summary>Whether messages are lost.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>What every call throws although the store is there: something that nobody expects of it.</summary>
    public Exception? Fault { get; set; }

    /// <summary>How often it was thrown.</summary>
    public int Faults { get; private set; }

    public bool IsAvailable => !_isCut && inner.IsAvailable;

    public string? Problem => _isCut ? "the test has cut it" : inner.Problem;

    /// <summary>Lets every call fail, or work again.</summary>
    public void Cut(bool isCut)
    {
        _isCut = isCut;
        foreach (var listener in _listeners)
        {
            listener(!isCut);
        }
    }

    public string Key(string name) => inner.Key(name);

    public ValueTask<RedisResult> RunAsync(
        StoreScript script, RedisKey[] keys, RedisValue[] arguments, TimeSpan deadline, CancellationToken cancellationToken)
    {
        ThrowIfCut();
        return inner.RunAsync(script, keys, arguments, deadline, cancellationToken);
    }

    public ValueTask<RedisValue> GetAsync(string key, TimeSpan deadline, CancellationToken cancellationToken)
    {
        ThrowIfCut();
        return inner.GetAsync(key, deadline, cancellationToken);
    }

    public ValueTask PublishAsync(string channel, RedisValue message, TimeSpan deadline, CancellationToken cancellationToken)
    {
        ThrowIfCut();
        return inner.PublishAsync(channel, message, deadline, cancellationToken);
    }

    public IDisposable Subscribe(string channel, Action<RedisValue> received) => inner.Subscribe(channel, message =>
    {
        if (!IsDeaf && !_isCut)
        {
            received(message);
        }
    });

    public IDisposable OnAvailabilityChange(Action<bool> changed)
    {
        _listeners.Add(changed);
        return inner.OnAvailabilityChange(changed);
    }

    private void ThrowIfCut()
    {
        if (Fault is { } fault)
        {
            Faults++;
            throw fault;
        }

        if (_isCut)
        {
            throw new StoreUnavailableException("The store is away: the test has cut it.");
        }
    }
}
