using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Telemetry.Otlp;

namespace AiRouter.Tests.Telemetry;

/// <summary>
/// A router whose collector is dead, or takes connections and never answers, beside one with a collector that works: the same requests, in
/// turns, so that a busy machine is busy for all of them.
/// </summary>
public sealed class DeadCollectorTests
{
    private const int Rounds = 200;

    // Noise of a busy machine; waiting for a collector takes seconds.
    private static readonly TimeSpan _noise = TimeSpan.FromMilliseconds(5);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Collector_that_is_dead_or_hangs_costs_requests_nothing_measurable()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(static call => call.JsonAsync(
            """{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"x"}}]}"""));
        await using var well = await OtlpCollector.StartAsync();
        await using var hanging = await OtlpCollector.StartAsync(hangs: true);
        await using var baseline = await Measured.StartAsync(upstream, well.Environment());
        await using var dead = await Measured.StartAsync(
            upstream, new Dictionary<string, string>(well.Environment()) { ["OTLP_ENDPOINT"] = $"http://127.0.0.1:{FreePort()}" });
        await using var stuck = await Measured.StartAsync(upstream, hanging.Environment());

        for (var round = 0; round < Rounds; round++)
        {
            await baseline.AskAsync();
            await dead.AskAsync();
            await stuck.AskAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"well {baseline.Median}, dead {dead.Median}, hangs {stuck.Median}");
        Assert.InRange(dead.Median, TimeSpan.Zero, (baseline.Median * 2) + _noise);
        Assert.InRange(stuck.Median, TimeSpan.Zero, (baseline.Median * 2) + _noise);
        Assert.NotEmpty(well.Spans);

        // It was really asked, and really never answered.
        await Eventually.HoldsAsync(() => hanging.Spans.Count > 0);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Measured(ApiProcess process, HttpClient http) : IAsyncDisposable
    {
        private readonly List<TimeSpan> _times = [];

        public TimeSpan Median => _times.Order().ElementAt(_times.Count / 2);

        public static async Task<Measured> StartAsync(ScriptedUpstream upstream, IReadOnlyDictionary<string, string> environment)
        {
            var (process, http) = await ApiProcess.StartAsync(new Dictionary<string, string>(environment)
            {
                ["AIROUTER_CONFIG_YAML"] =
                    $$"""
                    server: { authentication: none }
                    backends: { up: { kind: openai, url: "{{upstream.Url}}" } }
                    models: { public-model: { targets: [ { backend: up } ] } }
                    """,
            });
            return new Measured(process, http);
        }

        public async Task AskAsync()
        {
            using var content = new StringContent(
                """{"model":"public-model","messages":[{"role":"user","content":"x"}]}""", System.Text.Encoding.UTF8, "application/json");
            var started = Stopwatch.GetTimestamp();
            using var response = await http.PostAsync("/v1/chat/completions", content, Cancelled);
            _times.Add(Stopwatch.GetElapsedTime(started));
            Assert.True(response.IsSuccessStatusCode);
        }

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await process.DisposeAsync();
        }
    }
}
