using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Telemetry.Otlp;

namespace AiRouter.Tests.Telemetry;

/// <summary>What Admin and the simulator send, as processes of their own. The Api's is in <see cref="SpanTests"/>.</summary>
public sealed class ProcessTelemetryTests(StoreServers servers) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-telemetry-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Admin_sends_traces_metrics_and_logs_under_its_own_name()
    {
        await using var collector = await OtlpCollector.StartAsync();
        var (process, http) = await ApiProcess.StartProjectAsync("AiRouter.Admin", new Dictionary<string, string>(collector.Environment())
        {
            ["ConnectionStrings__redis"] = await servers.ConnectionStringAsync(StoreKind.Redis),
            ["AIROUTER_STORE_PREFIX"] = Guid.NewGuid().ToString("N"),
            ["AIROUTER_DATA"] = _folder.FullName,
            ["AIROUTER_ADMIN_KEY"] = "short",
        });
        await using (process)
        using (http)
        {
            using var response = await http.GetAsync("/api/v1/configuration", Cancelled);
            await http.GetStringAsync("/health/ready", Cancelled);

            var span = await collector.SpanAsync(static span => span["url.path"] is "/api/v1/configuration");
            var log = await collector.LogAsync(static log => log.Severity == "Warning");
            var point = await collector.PointAsync("http.server.request.duration");

            Assert.Equal("Server", span.Kind);
            Assert.Equal((long)response.StatusCode, span["http.response.status_code"]);
            Assert.All([span.Resource, log.Resource, point.Resource], static resource =>
            {
                Assert.Equal("airouter_admin", resource["service.name"]);
                Assert.Equal("0.1.0", resource["service.version"]);
                Assert.NotNull(resource["service.instance.id"]);
            });
            Assert.DoesNotContain(collector.Spans, static span => span["url.path"] is "/health/ready");
        }
    }

    [Fact]
    public async Task Simulator_sends_logs_and_metrics_under_its_own_name()
    {
        await using var collector = await OtlpCollector.StartAsync();
        var (process, http) = await ApiProcess.StartProjectAsync("AiRouter.TritonSimulator", collector.Environment());
        await using (process)
        using (http)
        {
            var log = await collector.LogAsync(static log => log.Body is string body && body.Contains("SIMULATOR", StringComparison.Ordinal));
            var point = await collector.PointAsync("dotnet.process.cpu.time");

            Assert.All([log.Resource, point.Resource], static resource => Assert.Equal("airouter_simulator", resource["service.name"]));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
