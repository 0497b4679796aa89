using Garnet;

namespace AiRouter.EmbeddedRedis;

/// <summary>Writes what has changed to the append-only file, several times a second (R34: at most 1 s is lost on a crash).</summary>
internal static class CommitLoop
{
    /// <summary>The pause between commits.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>How long the disk may take for the last of it.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Runs until cancelled (null), or until the disk refuses: one sentence about that.</summary>
    public static async Task<string?> RunAsync(GarnetServer server, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await CommitAsync(server, time);
            }

            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception refused) when (refused is not OperationCanceledException)
        {
            // Whatever it is (Garnet's own types, of its devices too): a store that does not keep what it was told must not go on.
            return $"changes cannot be written to the append-only file: {refused.Message}";
        }
    }

    /// <summary>Writes what has changed.</summary>
    /// <exception cref="TimeoutException">The disk does not answer.</exception>
    public static async Task CommitAsync(GarnetServer server, TimeProvider time) =>
        await server.Store.CommitAOFAsync(CancellationToken.None).AsTask().WaitAsync(Deadline, time);
}
