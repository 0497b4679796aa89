using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AiRouter.Tests.Telemetry.Otlp;

namespace AiRouter.Tests.ServiceDefaults;

public sealed class TelemetryTests
{
    public enum Setting
    {
        CommandLine,
        OriginalsVariable,
        StandardVariable,
    }

    [Theory]
    [InlineData(Setting.CommandLine)]
    [InlineData(Setting.OriginalsVariable)]
    [InlineData(Setting.StandardVariable)]
    public async Task Traces_metrics_and_logs_reach_the_collector_over_grpc(Setting setting)
    {
        await using var collector = await OtlpCollector.StartAsync();
        var name = setting switch
        {
            Setting.CommandLine => "otlp-endpoint",
            Setting.OriginalsVariable => "OTLP_ENDPOINT",
            _ => "OTEL_EXPORTER_OTLP_ENDPOINT",
        };

        await AssertAllSignalsArriveAsync(collector, [$"--{name}={collector.GrpcEndpoint}"]);
    }

    [Fact]
    public async Task Traces_metrics_and_logs_reach_the_collector_over_http()
    {
        await using var collector = await OtlpCollector.StartAsync();

        await AssertAllSignalsArriveAsync(
            collector,
            [$"--OTLP_ENDPOINT={collector.HttpEndpoint}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"]);
    }

    [Fact]
    public async Task Environment_names_the_service_when_it_wants_to()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var service = await ServiceUnderTest.StartAsync(
            [$"--OTLP_ENDPOINT={collector.GrpcEndpoint}", "--OTEL_SERVICE_NAME=named-by-the-operator"]);

        await service.GetAsync("/hello");
        await service.StopAsync();

        Assert.True(collector.HasReceived("trace", "named-by-the-operator"));
        Assert.False(collector.HasReceived("trace", service.Name));
    }

    [Theory]
    [InlineData("TRACES", "trace")]
    [InlineData("METRICS", "metrics")]
    [InlineData("LOGS", "logs")]
    public async Task Signal_with_an_endpoint_of_its_own_is_sent_without_the_others(string variable, string signal)
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var service = await ServiceUnderTest.StartAsync([$"--OTEL_EXPORTER_OTLP_{variable}_ENDPOINT={collector.GrpcEndpoint}"]);

        await service.GetAsync("/hello");
        await service.StopAsync();

        Assert.All(["trace", "metrics", "logs"], s => Assert.Equal(s == signal, collector.HasReceived(s, service.Name)));
    }

    [Fact]
    public async Task Signal_with_an_endpoint_of_its_own_goes_there_and_the_others_to_the_common_one()
    {
        await using var common = await OtlpCollector.StartAsync();
        await using var own = await OtlpCollector.StartAsync();
        await using var service = await ServiceUnderTest.StartAsync(
            [$"--OTLP_ENDPOINT={common.GrpcEndpoint}", $"--OTEL_EXPORTER_OTLP_TRACES_ENDPOINT={own.HttpEndpoint}/v1/traces",
                "--OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf"]);

        await service.GetAsync("/hello");
        await service.StopAsync();

        Assert.True(own.HasReceived("trace", "greet somebody"));
        Assert.False(common.HasReceived("trace", service.Name));
        Assert.True(common.HasReceived("metrics", "greetings"));
        Assert.True(common.HasReceived("logs", "somebody was greeted"));
    }

    [Fact]
    public async Task Nothing_is_sent_where_the_environment_switches_OpenTelemetry_off()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var service = await ServiceUnderTest.StartAsync(
            [$"--OTLP_ENDPOINT={collector.GrpcEndpoint}", "--OTEL_SDK_DISABLED=true"]);

        await service.GetAsync("/hello");
        await service.StopAsync();

        Assert.All(["trace", "metrics", "logs"], s => Assert.False(collector.HasReceived(s, service.Name)));
    }

    [Fact]
    public async Task Probes_and_scrapes_leave_no_traces()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var service = await ServiceUnderTest.StartAsync([$"--OTLP_ENDPOINT={collector.GrpcEndpoint}"]);

        var silent = new[] { "/health/live", "/health/ready", "/health_check", "/metrics" };
        foreach (var path in silent)
        {
            await service.GetAsync(path);
        }

        await service.GetAsync("/hello");
        await service.StopAsync();

        Assert.True(collector.HasReceived("trace", ServerSpanOf("/hello")));
        Assert.All(silent, path => Assert.False(collector.HasReceived("trace", ServerSpanOf(path))));
    }

    [Fact]
    public async Task Collector_that_hangs_delays_neither_requests_nor_the_stop()
    {
        await using var collector = await OtlpCollector.StartAsync(hangs: true);

        await AssertWorksAndStopsAsync(collector.GrpcEndpoint);
        Assert.True(collector.HasReceived("trace", "/hello"));
    }

    [Fact]
    public async Task Collector_that_is_dead_delays_neither_requests_nor_the_stop()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        await AssertWorksAndStopsAsync($"http://127.0.0.1:{port}");
    }

    [Fact]
    public async Task Endpoint_that_is_no_address_is_refused_by_name()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ServiceUnderTest.StartAsync(["--otlp-endpoint=collector:4317"]));

        Assert.Equal(
            "otlp-endpoint: 'collector:4317' is not the address of an OTLP collector (such as http://localhost:4317).",
            refusal.Message);
    }

    private static async Task AssertAllSignalsArriveAsync(OtlpCollector collector, string[] args)
    {
        await using var service = await ServiceUnderTest.StartAsync(args);

        await service.GetAsync("/hello");
        await service.StopAsync();

        Assert.True(collector.HasReceived("trace", "greet somebody"));
        Assert.True(collector.HasReceived("trace", "/hello"));
        Assert.True(collector.HasReceived("metrics", "greetings"));
        Assert.True(collector.HasReceived("logs", "somebody was greeted"));
        foreach (var signal in new[] { "trace", "metrics", "logs" })
        {
            Assert.True(collector.HasReceived(signal, service.Name));
            Assert.True(collector.HasReceived(signal, "service.instance.id"));
        }
    }

    private static async Task AssertWorksAndStopsAsync(string endpoint)
    {
        var service = await ServiceUnderTest.StartAsync([$"--OTLP_ENDPOINT={endpoint}"]);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("hello", await service.GetAsync("/hello"));
        }

        var stopwatch = Stopwatch.StartNew();
        await service.StopAsync();
        await service.DisposeAsync();
        // Far above what is needed, and below what waiting for the collector would take: up to 10 s for each signal.
        Assert.InRange(stopwatch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    // The attribute url.path as protobuf, which only server spans have: the client of this test has spans too.
    private static string ServerSpanOf(string path) =>
        $"url.path\u0012{(char)(path.Length + 2)}\n{(char)path.Length}{path}";
}
