using System.Text.RegularExpressions;

namespace AiRouter.Tests.Benchmarks;

/// <summary>The README's demonstration, shorter.</summary>
public partial class DemoTests
{
    [Fact]
    public async Task Killed_server_costs_no_request_without_a_byte_and_every_cut_stream_is_told()
    {
        var (exitCode, output) = await BenchmarkProcess.RunAsync("demo", "--seconds", "7.5");

        Assert.True(exitCode == 0, output);
        var counts = Count().Matches(output).ToDictionary(m => m.Groups[2].Value, m => int.Parse(m.Groups[1].ValueSpan, null));
        Assert.NotEqual(0, counts["requests had sim-1 and nothing of an answer"]);
        Assert.Equal(counts["requests had sim-1 and nothing of an answer"], counts["of them were answered by sim-2"]);
        Assert.NotEqual(0, counts["streams from sim-1 had begun"]);
        Assert.Equal(counts["streams from sim-1 had begun"], counts["of them ended in an error event"]);
    }

    [GeneratedRegex(@"^[a-z ]*?(\d+) (requests had .*|of them .*|streams from .*)$", RegexOptions.Multiline)]
    private static partial Regex Count();
}
