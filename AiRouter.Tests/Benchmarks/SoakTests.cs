using System.Text.Json;

namespace AiRouter.Tests.Benchmarks;

/// <summary>The soak, for some seconds: the mode works, holds, and finds what is wrong.</summary>
public class SoakTests
{
    [Fact]
    public async Task Some_seconds_of_everything_leave_nothing_wrong()
    {
        var file = Path.GetTempFileName();
        var (exitCode, output) = await BenchmarkProcess.RunAsync("soak", "--minutes", "0.12", "--rate", "15", "--json", file);

        Assert.True(exitCode == 0, output);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.True(report.RootElement.GetProperty("holds").GetBoolean());
        Assert.InRange(report.RootElement.GetProperty("figures").GetProperty("outcomes").GetProperty("Answered").GetInt32(), 50, 1000);
        File.Delete(file);
    }

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
