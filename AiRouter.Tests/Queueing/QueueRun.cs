using System.Collections.Frozen;
using AiRouter.Api.Backends;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Queueing;
using AiRouter.Api.Requests;
using AiRouter.Api.Routing.Targets;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Queueing;

/// <summary>A queue whose clock the test moves, and requests that enter it.</summary>
internal sealed class QueueRun
{
    private static readonly Operation Chat = new() { Name = Operations.Chat, Path = "/chat/completions" };
    private static readonly RouterState State = new(
        new FixedConfiguration(new RouterConfig()).Current!,
        FrozenDictionary<string, BackendState>.Empty,
        FrozenDictionary<string, ModelRoute>.Empty);

    public QueueRun(QueueConfig config)
    {
        Queue = new ModelQueue(Time);
        Queue.Configure(config);
    }

    public QueueRun(int concurrent, int waiting = 100, double maxWait = 40)
        : this(new QueueConfig { ConcurrentPerReplica = concurrent, WaitingPerReplica = waiting, MaxWait = maxWait })
    {
    }

    public FakeTimeProvider Time { get; } = new();

    public ModelQueue Queue { get; }

    public CancellationTokenSource Draining { get; } = new();

    /// <summary>A request, not in the queue yet.</summary>
    public static Exchange Request(string? key = null, int priority = 0, int n = 1, CancellationToken aborted = default) =>
        new(new DefaultHttpContext { RequestAborted = aborted }, Chat, State, "id")
        {
            Client = key is null
                ? null
                : new ClientKey { Id = key, Name = key, Hash = ReadOnlyMemory<byte>.Empty, Priority = priority },
            Facts = new RequestFacts { N = n },
        };

    /// <summary>A request enters.</summary>
    public Entry Enter(string? key = null, int priority = 0, int n = 1)
    {
        var aborted = new CancellationTokenSource();
        var exchange = Request(key, priority, n, aborted.Token);
        return new Entry(exchange, Queue.EnterAsync(exchange, Draining.Token).AsTask(), aborted);
    }

    /// <summary>So many requests of a key enter.</summary>
    public Entry[] EnterMany(int count, string? key = null, int priority = 0, int n = 1) =>
        [.. Enumerable.Range(0, count).Select(_ => Enter(key, priority, n))];

    /// <summary>Ends one that is served after another, and tells in which order the others came.</summary>
    public async Task<List<Entry>> ServeAsync(Entry first, IReadOnlyCollection<Entry> waiting, int count)
    {
        var served = new List<Entry>();
        var last = first;
        var left = waiting.ToList();
        while (served.Count < count)
        {
            last.Exchange.LeaveQueue();
            await Eventually.HoldsAsync(() => left.Exists(e => e.IsServed));
            last = left.Find(e => e.IsServed)!;
            left.Remove(last);
            served.Add(last);
        }

        return served;
    }
}

/// <summary>A request that has entered a queue.</summary>
internal sealed record Entry(Exchange Exchange, Task<ApiError?> Answer, CancellationTokenSource Aborted)
{
    public bool IsServed => Answer.IsCompletedSuccessfully && Answer.Result is null;

    public string? Key => Exchange.Client?.Id;

    /// <summary>How its waiting ends.</summary>
    public Task<ApiError?> EndAsync() => Answer.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
}
