using System.Runtime.CompilerServices;

namespace AiRouter.Api.Scheduling;

/// <summary>
/// Awaited before work that takes long: it is then done by a thread of the pool, and the <see cref="SocketThreads"/> go on with
/// other requests. Costs nothing on a thread of the pool, and some microseconds elsewhere.
/// </summary>
internal readonly struct LongWork(bool isShort) : ICriticalNotifyCompletion
{
    /// <summary>From so many bytes on, working through JSON is long: about 10 µs, twice what the change of threads costs.</summary>
    public const int Bytes = 8 * 1024;

    /// <summary>Whether nothing has to change.</summary>
    public bool IsCompleted => isShort || Thread.CurrentThread.IsThreadPoolThread;

    /// <summary>Work of whose length nothing is known.</summary>
    public static LongWork Begin() => default;

    /// <summary>Work on so many bytes, which is not always long.</summary>
    public static LongWork Begin(long bytes) => new(bytes < Bytes);

    /// <summary>For <c>await</c>.</summary>
    public LongWork GetAwaiter() => this;

    /// <summary>For <c>await</c>.</summary>
    public void GetResult()
    {
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(static next => next(), continuation, preferLocal: false);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) =>
        ThreadPool.UnsafeQueueUserWorkItem(static next => next(), continuation, preferLocal: false);
}
