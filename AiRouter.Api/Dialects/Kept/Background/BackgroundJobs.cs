using System.Collections.Concurrent;
using System.Diagnostics;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Objects;
using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Api.Dialects.Kept.Background;

/// <summary>
/// Makes responses in the background, a bounded number at a time: each is a request of its own, on the way of any other, and while it
/// works its sign of life is renewed in the store.
/// </summary>
internal sealed partial class BackgroundJobs(
    IServiceProvider services, KeptResponses responses, BackgroundLimits limits, TimeProvider time, ILogger<BackgroundJobs> logger,
    IStore? store = null) : IHostedService
{
    private const string TooLarge = "The response is too large to be kept, or too much else waits for the store.";

    /// <summary>For the ends of jobs that the stop has cut off.</summary>
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(3);

    private readonly ResponseJobStore? _store = store is null ? null : new ResponseJobStore(store);
    private readonly ConcurrentDictionary<string, (BackgroundJob Job, Task Run)> _jobs = new(StringComparer.Ordinal);
    private readonly Lazy<RequestDelegate> _way = new(() => WayOf(services));
    private int _places;
    private long _bytes;

    /// <summary>The job that makes a response here, until that has ended and is in the store; null: none does.</summary>
    public BackgroundJob? Find(string id) => _jobs.TryGetValue(id, out var job) ? job.Job : null;

    /// <summary>Takes a place for a job that holds so much; false: there is none.</summary>
    public bool TryEnter(int bytes)
    {
        if (Interlocked.Increment(ref _places) > limits.MostJobs)
        {
            Interlocked.Decrement(ref _places);
            return false;
        }

        if (Interlocked.Add(ref _bytes, bytes) > limits.MostBytes)
        {
            Leave(bytes);
            return false;
        }

        return true;
    }

    /// <summary>Gives the place back.</summary>
    public void Leave(int bytes)
    {
        Interlocked.Decrement(ref _places);
        Interlocked.Add(ref _bytes, -bytes);
    }

    /// <summary>Makes a job, which is known to the store from then on.</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async ValueTask<BackgroundJob> PrepareAsync(Exchange exchange, KeptResponse kept, TimeSpan lifetime, int bytes)
    {
        var id = kept.Response["id"]!.ToString();
        await _store!.BeginAsync(id, kept.ToJson(), lifetime, JobStatus.Queued, limits.LostAfter, exchange.Aborted);
        return new BackgroundJob(kept, exchange.Client?.Id, lifetime, bytes, new CancellationTokenSource(limits.LongestJob, time));
    }

    /// <summary>Begins to work on it. Its place is given back at its end.</summary>
    public void Start(BackgroundJob job, HttpContext http)
    {
        http.Features.Set(job);
        http.RequestAborted = job.Ending;
        var parent = Activity.Current?.Context ?? default;
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (ExecutionContext.SuppressFlow())
        {
            _jobs[job.Id] = (job, RunAsync(job, http, parent, begin.Task));
        }

        begin.SetResult();
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A drain has waited for the work; what there is still is cut off, and its end is kept as far as that is quick.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var left = _jobs.Values.ToList();
        left.ForEach(static job => job.Job.Stop());
        await Task.WhenAll(left.Select(static job => job.Run)).WaitAsync(StopDeadline, time, cancellationToken)
            .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task RunAsync(BackgroundJob job, HttpContext http, ActivityContext parent, Task begin)
    {
        await begin;
        using var over = new CancellationTokenSource();
        var beats = BeatAsync(job, over.Token);
        try
        {
            var end = await WorkAsync(job, http, parent);
            await KeepAsync(job, end);
        }
        catch (Exception bug)
        {
            LogBug(bug, job.Id);
        }
        finally
        {
            await over.CancelAsync();
            await beats.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _jobs.TryRemove(job.Id, out _);
            Leave(job.Bytes);
            job.Dispose();
        }
    }

    /// <summary>Has the request answered. What the response is then.</summary>
    private async Task<KeptResponse> WorkAsync(BackgroundJob job, HttpContext http, ActivityContext parent)
    {
        var output = new JobOutput();
        http.Response.Body = output;
        using var span = JobSpan.Begin(parent);
        try
        {
            await _way.Value(http);
        }
        catch (BrokenStreamException)
        {
            // Its error has been noted; there is no connection to end.
        }

        if (job.Answer is { } answer)
        {
            return answer;
        }

        var (code, message) = output.ReadError() ?? ("server_error", job.Ending.IsCancellationRequested
            ? "The response took too long, or the router has stopped before it was complete. Please ask again."
            : "The response could not be made.");
        return job.Begun.Failed(code, message);
    }

    private async Task KeepAsync(BackgroundJob job, KeptResponse end)
    {
        // Who sees the end and goes on in its conversation waits until both are kept.
        var counts = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            if (ReferenceEquals(end, job.Answer))
            {
                job.Append!(counts.Task);
            }

            end = job.End(end);
            if (job.IsAbandoned)
            {
                return;
            }

            if (TryKeep(job, end) is { } keeping)
            {
                counts.SetResult(await keeping && ReferenceEquals(end, job.Answer));
            }
            else if (TryKeep(job, new KeptResponse([], job.Begun.Failed("server_error", TooLarge).Response)) is { } failing)
            {
                await failing;
            }
        }
        finally
        {
            counts.TrySetResult(false);
        }
    }

    private Task<bool>? TryKeep(BackgroundJob job, KeptResponse end) => responses.TryKeep(
        job.Owner, job.Id, end, job.Lifetime, json => _store!.EndAsync(job.Id, json, job.Lifetime, CancellationToken.None));

    private async Task BeatAsync(BackgroundJob job, CancellationToken over)
    {
        using var timer = new PeriodicTimer(limits.Beat, time);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                try
                {
                    if (!await _store!.BeatAsync(job.Id, job.Status, limits.LostAfter, over))
                    {
                        job.TryCancel();
                        return;
                    }
                }
                catch (StoreUnavailableException)
                {
                    // The store has logged it; the next sign may come in time.
                }
                catch (RedisException failure)
                {
                    LogBug(failure, job.Id);
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The job is over.
        }
    }

    private static RequestDelegate WayOf(IServiceProvider services)
    {
        var handler = services.GetRequiredService<RequestHandler>();
        var way = new ApplicationBuilder(services);
        way.UseMiddleware<AccessLog>();
        way.UseMiddleware<ErrorBoundary>();
        way.Run(http => handler.HandleAsync(http, OperationTable.Responses));
        return way.Build();
    }

    [LoggerMessage(2613, LogLevel.Error, "The background response {Id} hit a bug")]
    private partial void LogBug(Exception bug, string id);
}
