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

    [Fact]
    public async Task Records_of_many_threads_are_counted_while_they_are_taken_away()
    {
        var buffer = new UsageBuffer();
        using var stopped = new CancellationTokenSource();
        var taken = Task.Run(() =>
        {
            var sum = 0L;
            for (var last = false; !last;)
            {
                last = stopped.IsCancellationRequested;
                var slots = buffer.Take(UsageStep.Hour);
                sum += slots.Values.Sum(e => e.Counters.ToRow(null, default, null).Requests[UsageOutcomes.Ok]);
                buffer.Written(UsageStep.Hour, slots.Count);
            }

            return sum;
        });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Run(() =>
        {
            for (var i = 0; i < Rounds / 4; i++)
            {
                buffer.Add(Records.At(DateTimeOffset.UnixEpoch, key: $"key_{i % 10}"));
            }
        })));
        await stopped.CancelAsync();

        Assert.Equal(Rounds, await taken);
        Assert.Equal(0, buffer.Dropped);
    }

    private static void Record(UsageMeter meter, UsageRecord[] records, int count)
    {
        for (var i = 0; i < count; i++)
        {
            meter.Record(records[i % records.Length]);
        }
    }
}
