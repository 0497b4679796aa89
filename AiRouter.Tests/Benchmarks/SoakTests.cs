using System.Text.Json;

namespace AiRouter.Tests.Benchmarks;

/// <summary>The soak, for some seconds: the mode works, and holds.</summary>
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
}
