using System.Diagnostics;
using AiRouter.Benchmarks.Comparison;
using AiRouter.Benchmarks.Load.Raw;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Tests.Benchmarks.Comparison;

/// <summary>From the figures of rounds to medians, ratios, bars and tables.</summary>
public sealed class BenchReportTests
{
    [Fact]
    public void Median_and_spread_are_of_the_finite_figures()
    {
        Assert.Equal(new Statistics(3, 1, 9), Statistics.Of([9, 1, 3]));
        Assert.Equal(new Statistics(2.5, 1, 9), Statistics.Of([9, 1, 3, 2, double.NaN]));
        Assert.Null(Statistics.Of([]));
    }

    [Fact]
    public void Percentiles_are_within_two_per_cent()
    {
        var times = new LatencyHistogram();
        for (var i = 1; i <= 100_000; i++)
        {
            times.Add(i * 1000L);
        }

        Assert.Equal(50_000, times.Microseconds(0.5), 1000.0);
        Assert.Equal(99_000, times.Microseconds(0.99), 1980.0);
        Assert.Equal(100_000, times.Microseconds(1), 1600.0);
        times.Clear();
        Assert.True(double.IsNaN(times.Microseconds(0.5)));
    }

    [Fact]
    public void Calm_p99_leaves_out_what_stops_everything_now_and_then()
    {
        var times = new SlicedLatency();
        var tick = Stopwatch.Frequency / 1000;
        times.Clear();
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < 10_000; i++)
        {
            // Ten seconds, a time each millisecond: of every 500 the first 20 are slow, and of all one of 50.
            var time = i % 500 < 20 ? 20_000_000 : i % 50 == 49 ? 900_000 : 100_000;
            times.Add(time, begun + (i * tick));
        }

        var found = times.ToPercentiles();
        Assert.Equal(20_000, found.P99!.Value, 400.0);
        Assert.Equal(900, found.Calm99!.Value, 20.0);
        Assert.Equal(100, found.P50!.Value, 2.0);
    }

    [Fact]
    public void Ratio_is_the_median_of_the_ratios_of_each_round()
    {
        var chat = Chat([(10, 30), (20, 40), (10, 25)]);

        var ratio = chat.Of(chat.Peers[1], Metric.Ratio);

        // The ratio of the medians would be 3.
        Assert.Equal(new Statistics(2.5, 2, 3), ratio);
        Assert.Null(chat.Of(chat.Peers[0], Metric.Ratio));
    }

    [Theory]
    [InlineData(18, true, true)]
    [InlineData(24, true, false)]
    [InlineData(26, false, false)]
    public void Bar_is_met_aimed_at_or_missed(double cpu, bool isMet, bool reachesAim)
    {
        var result = Assert.Single(Report(Chat([(10, cpu)])).JudgeBars());

        Assert.Equal((isMet, reachesAim), (result.IsMet, result.ReachesAim));
    }

    [Fact]
    public void Limits_in_Redis_have_no_bar() =>
        Assert.Empty(Report(Chat([(10, 90)]) with { Limits = "redis" }).JudgeBars());

    [Fact]
    public void Report_is_the_same_after_it_was_written_and_read()
    {
        var report = Report(Chat([(10, 30), (20, 40)]));

        var again = BenchReport.Parse(report.ToJson());

        Assert.Equal(report.ToJson(), again.ToJson());
        Assert.Equal(report.JudgeBars(), again.JudgeBars());
    }

    [Fact]
    public void Change_is_told_of_the_same_workload_and_limits()
    {
        var before = Report(Chat([(10, 50)]));
        var now = Report(Chat([(10, 25)]), Chat([(10, 60)]) with { Limits = "redis" });

        var changes = Change.Between(before, now).ToList();

        Assert.Equal([Metric.Ratio, Metric.Cpu], changes.Select(static c => c.Metric));
        Assert.All(changes, static c => Assert.Equal(-50, c.Percent));
    }

    [Fact]
    public void Step_of_a_workload_is_compared_with_the_same_step_whatever_the_build_is_called()
    {
        var changes = Change.Between(Report(Growth("before")), Report(Growth("after"))).ToList();

        Assert.Equal([1.0, 2.0], changes.Select(static c => c.Before));
        Assert.All(changes, static c => Assert.Equal(0, c.Percent));
    }

    [Fact]
    public void Tables_have_a_line_for_each_peer_and_each_bar()
    {
        var report = Report(Chat([(10, 30), (20, 40), (10, 25)]));
        using var output = new StringWriter();

        BenchTable.Write(report.Workloads[0], output);
        BenchTable.WriteBars(report, output);
        BenchTable.WriteComparison(report, report, output);

        var lines = output.ToString().Split('\n')
            .Select(static line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains("| | CPU µs/request | × nginx |", lines);
        Assert.Contains("| airouter | 30.0 (25.0..40.0) | 2.50 (2.00..3.00) |", lines);
        Assert.Contains("| chat: × nginx | 2.5 | 2 | airouter | 2.50 | met |", lines);
        Assert.Contains("| chat | memory | airouter | × nginx | 2.50 | 2.50 | 0 % |", lines);
    }

    [Fact]
    public void Last_result_of_the_folder_is_compared_with()
    {
        var folder = Directory.CreateTempSubdirectory("airouter-test-").FullName;
        try
        {
            Assert.Null(CommittedResult.Last(Path.Combine(folder, "none")));
            Assert.Null(CommittedResult.Last(folder));
            File.WriteAllText(Path.Combine(folder, "2026-12-01.json"), "");
            File.WriteAllText(Path.Combine(folder, "2026-11-23.json"), "");

            Assert.Equal("2026-12-01.json", Path.GetFileName(CommittedResult.Last(folder)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("0", 1, 1)]
    [InlineData("1", 2, 1)]
    [InlineData("0-2", 7, 3)]
    [InlineData("0,2-3", 13, 3)]
    public void Cores_are_read_as_taskset_reads_them(string text, ulong mask, int count)
    {
        var cores = new CoreSet(text);

        Assert.Equal((mask, count), (cores.Mask, cores.Count));
    }

    private static BenchReport Report(params WorkloadResult[] workloads) => new()
    {
        Machine = new Machine("a processor", 2, 8, "a system", "a runtime", "proxy on core 0"),
        When = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero),
        Rounds = 3,
        Workloads = workloads,
    };

    private static WorkloadResult Chat(IReadOnlyList<(double Nginx, double Router)> rounds) => new()
    {
        Name = "chat",
        Title = "chat",
        Unit = "request",
        Peers =
        [
            Peer("nginx", false, rounds.Select(static r => r.Nginx)),
            Peer("airouter", true, rounds.Select(static r => r.Router)),
        ],
    };

    private static WorkloadResult Growth(string label) => new()
    {
        Name = "growth",
        Title = "growth",
        Unit = "request",
        Peers = [Peer(label + ", 8 connections", true, [1]), Peer(label + ", 512 connections", true, [2])],
    };

    private static PeerResult Peer(string name, bool isRouter, IEnumerable<double> cpu) =>
        new(name, isRouter, [.. cpu.Select(static c => new Dictionary<string, double> { [Metric.Cpu.Name] = c })]);
}
