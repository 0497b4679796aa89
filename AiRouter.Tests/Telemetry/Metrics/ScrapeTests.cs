namespace AiRouter.Tests.Telemetry.Metrics;

/// <summary>What <c>/metrics</c> says of a router to which much has happened.</summary>
public sealed class ScrapeTests(MeasuredRouter router) : IClassFixture<MeasuredRouter>
{
    [Fact]
    public void Dump() => File.WriteAllText("/tmp/metrics-dump.txt", router.Metrics.Text);
}
