using System.Diagnostics;
using AiRouter.Core.Metering;

namespace AiRouter.Tests.Metering;

/// <summary>What a record costs on the way of a request.</summary>
public sealed class UsageMeterCostTests
{
    private const int Rounds = 100_000;

    [Fact]
    public void Record_of_a_known_combination_allocates_nothing()
    {
        var meter = new UsageMeter(null, new UsageBuffer(), new RequestLogBuffer());
        var records = Enumerable.Range(0, 64)
            .Select(i => Records.At(DateTimeOffset.UnixEpoch.AddHours(1), key: $"key_{i % 16:D16}", model: $"model-{i % 4}"))
            .ToArray();
        Record(meter, records, 1000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        Record(meter, records, Rounds);
        var perRecord = Stopwatch.GetElapsedTime(started).TotalNanoseconds / Rounds;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        TestContext.Current.TestOutputHelper?.WriteLine($"{perRecord:F0} ns and {allocated / (double)Rounds:F3} bytes a record");
        Assert.True(allocated < 1024, $"{allocated} bytes for {Rounds} records");
    }

    private static void Record(UsageMeter meter, UsageRecord[] records, int count)
    {
        for (var i = 0; i < count; i++)
        {
            meter.Record(records[i % records.Length]);
        }
    }
}
