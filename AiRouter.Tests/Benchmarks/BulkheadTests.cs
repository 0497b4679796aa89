namespace AiRouter.Tests.Benchmarks;

/// <summary>What hung requests do to another backend, measured for some seconds.</summary>
public class BulkheadTests
{
    /// <summary>The measurement itself takes 1.2 and 32 MiB, on a machine that does nothing else.</summary>
    [Fact]
    public async Task Hung_backend_with_500_requests_slows_no_other()
    {
        var (exitCode, output) = await BenchmarkProcess.RunAsync(
            "bulkhead", "--rounds", "3", "--seconds", "2", "--factor", "4", "--memory", "64");

        Assert.True(exitCode == 0, output);
    }
}
