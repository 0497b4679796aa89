namespace AiRouter.Tests.Benchmarks;

/// <summary>A soak of upstreams that lie: a check that finds nothing then would find nothing ever.</summary>
public class PlantedFaultTests
{
    [Fact]
    public async Task Wrong_answers_are_found()
    {
        var (exitCode, output) = await BenchmarkProcess.RunAsync(
            "soak", "--minutes", "0.04", "--rate", "15", "--wrong-one-of", "4");

        Assert.Equal(1, exitCode);
        Assert.Contains("the text", output, StringComparison.Ordinal);
        Assert.EndsWith("The soak FAILED.", output.Trim(), StringComparison.Ordinal);
    }
}
