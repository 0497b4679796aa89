namespace AiRouter.Tests.Benchmarks;

/// <summary>What hung requests do to another backend, measured for some seconds.</summary>
public class BulkheadTests
{
    private const int Tries = 3;

    /// <summary>
    /// The measurement itself takes 1.2 and 32 MiB, on a machine that does nothing else. Other tests run beside this one
    /// and slow a round now and then; hung requests would slow B in every try.
    /// </summary>
    [Fact]
    public async Task Hung_backend_with_500_requests_slows_no_other()
    {
        var outputs = "";
        for (var i = 0; i < Tries; i++)
        {
            var (exitCode, output) = await BenchmarkProcess.RunAsync(
                "bulkhead", "--rounds", "3", "--seconds", "2", "--factor", "4", "--memory", "64");
            if (exitCode == 0)
            {
                return;
            }

            outputs += output;
        }

        Assert.Fail(outputs);
    }
}
