using System.Globalization;
using Garnet;
using Garnet.common;
using Microsoft.Extensions.Logging;

namespace AiRouter.EmbeddedRedis;

/// <summary>
/// Ends the process before its memory is full: Garnet would drop what was not used lately, a budget or a key perhaps, and tell nobody.
/// </summary>
internal sealed partial class MemoryWatch(GarnetServer server, EmbeddedRedisSettings settings, ILogger<MemoryWatch> logger)
{
    private const double WarnAt = 0.6;
    private const double EndAt = 0.9;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private bool _hasWarned;

    /// <summary>Runs until cancelled (null), or until the memory is as good as full: one sentence about that.</summary>
    public async Task<string?> RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (Look() is { } problem)
                {
                    return problem;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process stops.
        }

        return null;
    }

    private string? Look()
    {
        var values = server.Metrics.GetInfoMetrics(InfoMetricsType.STORE);
        long Value(string name) => long.Parse(
            Array.Find(values, value => value.Name == name).Value, NumberStyles.Integer, CultureInfo.InvariantCulture);

        var share = (Value("Log.CurrentMemorySizeBytes") + Value("Log.CurrentHeapSizeBytes")) / (settings.MemoryMiB * 1048576.0);
        if (share >= EndAt || Value("Log.HeadAddress") > Value("Log.BeginAddress"))
        {
            return $"the {settings.MemoryMiB} MiB of memory for the store are full (AIROUTER_REDIS_MEMORY_MIB sets more); "
                + "it ends because what comes next would be lost";
        }

        if (share >= WarnAt && !_hasWarned)
        {
            _hasWarned = true;
            LogFull((int)(share * 100), settings.MemoryMiB);
        }

        return null;
    }

    [LoggerMessage(1251, LogLevel.Warning,
        "The store uses {Percent} % of its {MemoryMiB} MiB; at 90 % it ends (AIROUTER_REDIS_MEMORY_MIB sets more)")]
    private partial void LogFull(int percent, int memoryMiB);
}
