using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Fixtures;

/// <summary>
/// A clock that runs beside the real one and can be let run faster: a router that waits for minutes is tested in moments, and one that
/// does not wait has all the time that it takes on a slow machine.
/// </summary>
internal sealed class RunningClock : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    /// <summary>Begins to run.</summary>
    public RunningClock() => _running = RunAsync();

    /// <summary>What the router is given.</summary>
    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    /// <summary>How many times faster than the real one it runs.</summary>
    public int Speed { get; set; } = 1;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        // The timer drops ticks that it is late for, so a slow machine has a slow clock.
        using var timer = new PeriodicTimer(Step);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                for (var i = 0; i < Speed; i++)
                {
                    Time.Advance(Step);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The test has ended.
        }
    }
}
