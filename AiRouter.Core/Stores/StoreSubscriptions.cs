using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace AiRouter.Core.Stores;

/// <summary>Who listens to which channel: over lost connections (the client library's part), and before there is a first one (ours).</summary>
internal sealed partial class StoreSubscriptions(ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly List<Subscription> _subscriptions = [];
    private ISubscriber? _subscriber;

    /// <summary>See <see cref="IStore.Subscribe"/>.</summary>
    public IDisposable Add(string channel, Action<RedisValue> received)
    {
        var subscription = new Subscription(RedisChannel.Literal(channel), (_, message) => received(message));
        lock (_gate)
        {
            _subscriptions.Add(subscription);
            Begin(subscription);
        }

        return new Registration(() => Remove(subscription));
    }

    /// <summary>There is a connection now.</summary>
    public void Attach(ISubscriber subscriber)
    {
        lock (_gate)
        {
            _subscriber = subscriber;
            _subscriptions.ForEach(Begin);
        }
    }

    private void Begin(Subscription subscription)
    {
        if (_subscriber is { } subscriber)
        {
            subscription.Begun = TellAsync(subscriber.SubscribeAsync(subscription.Channel, subscription.Handler));
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
            if (_subscriber is { } subscriber)
            {
                _ = EndAsync(subscriber, subscription);
            }
        }
    }

    private async Task EndAsync(ISubscriber subscriber, Subscription subscription)
    {
        await subscription.Begun;
        await TellAsync(subscriber.UnsubscribeAsync(subscription.Channel, subscription.Handler));
    }

    // The library remembers what it was asked for, and does it once there is a connection again.
    private async Task TellAsync(Task asked)
    {
        try
        {
            await asked;
        }
        catch (Exception gone) when (gone is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            LogLater(gone.GetType().Name);
        }
    }

    [LoggerMessage(1203, LogLevel.Debug, "A subscription waits for the connection to the store ({Reason})")]
    private partial void LogLater(string reason);

    private sealed record Subscription(RedisChannel Channel, Action<RedisChannel, RedisValue> Handler)
    {
        public Task Begun { get; set; } = Task.CompletedTask;
    }
}
