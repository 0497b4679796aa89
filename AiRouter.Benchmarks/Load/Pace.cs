using System.Diagnostics;

namespace AiRouter.Benchmarks.Load;

/// <summary>Moments at a fixed rate, whatever answers take: a server that is slow is asked no less often.</summary>
internal sealed class Pace(double perSecond)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _count;

    /// <summary>Waits for the next moment; false: it was stopped.</summary>
    public async ValueTask<bool> NextAsync(CancellationToken stopping)
    {
        var due = TimeSpan.FromSeconds(_count++ / perSecond) - Stopwatch.GetElapsedTime(_started);
        if (due > TimeSpan.Zero)
        {
            try
            {
                await Task.Delay(due, stopping);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        return !stopping.IsCancellationRequested;
    }
}
