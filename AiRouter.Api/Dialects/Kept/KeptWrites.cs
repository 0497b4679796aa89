using System.Collections.Concurrent;
using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Api.Dialects.Kept;

/// <summary>
/// Writes to the store that no client waits for: bounded in bytes, tried again while the store is away, and waited for at the stop, as
/// far as that is quick.
/// </summary>
internal sealed partial class KeptWrites(TimeProvider time, ILogger<KeptWrites> logger) : IHostedService
{
    /// <summary>The most bytes that are on their way to the store.</summary>
    internal const long MostBytes = 64 * 1024 * 1024;

    private const int MostTries = 30;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private long _bytes;

    /// <summary>Begins a write.</summary>
    /// <param name="id">Of what is written.</param>
    /// <param name="bytes">How large it is.</param>
    /// <param name="write">Writes, and says whether that counts; called again while the store is away.</param>
    /// <returns>Whether it was written; null: there is no room for it.</returns>
    public Task<bool>? TryBegin(string id, long bytes, Func<ValueTask<bool>> write)
    {
        if (Interlocked.Add(ref _bytes, bytes) > MostBytes)
        {
            Interlocked.Add(ref _bytes, -bytes);
            return null;
        }

        var task = RunAsync(id, bytes, write);
        _running[task] = true;
        _ = task.ContinueWith(
            done => _running.TryRemove(done, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return task;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_running.Keys).WaitAsync(StopDeadline, time, cancellationToken).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private async Task<bool> RunAsync(string id, long bytes, Func<ValueTask<bool>> write)
    {
        // The caller holds a client's answer.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await write();
                }
                catch (StoreUnavailableException) when (attempt < MostTries)
                {
                    await Task.Delay(RetryDelay, time);
                }
                catch (Exception failure) when (failure is StoreUnavailableException or RedisException)
                {
                    LogNotKept(failure, id, bytes);
                    return false;
                }
            }
        }
        finally
        {
            Interlocked.Add(ref _bytes, -bytes);
        }
    }

    [LoggerMessage(2611, LogLevel.Warning, "{Id}, of {Bytes} bytes, is not kept: the store does not take it")]
    private partial void LogNotKept(Exception failure, string id, long bytes);
}
