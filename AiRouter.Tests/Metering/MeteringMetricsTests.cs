using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;
using AiRouter.Core.Metering;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Metering;

/// <summary>What metering says of itself and of money in the metrics.</summary>
public sealed class MeteringMetricsTests
{
    [Fact]
    public void Dropped_and_waiting_usage_are_observed()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meter = new UsageMeter(null, new UsageBuffer(capacity: 2), new RequestLogBuffer());
        var factory = services.GetRequiredService<IMeterFactory>();
        _ = new RouterMetrics(factory, meter);
        using var measured = new Measured(factory);

        for (var i = 0; i < 5; i++)
        {
            meter.Record(Records.At(DateTimeOffset.UnixEpoch, key: $"key_{i}"));
        }

        measured.Observe();
        Assert.Equal(3, measured.Last(TelemetryNames.UsageDropped));
        Assert.Equal(2, measured.Last(TelemetryNames.UsageWaiting));
        Assert.Equal(0, measured.Last(TelemetryNames.UsageOther));
        Assert.Equal(0, measured.Last(TelemetryNames.RequestLogDropped));
    }

    [Fact]
    public async Task Cost_is_counted_by_model_also_without_a_store()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(
            """{"id":"c1","object":"chat.completion","model":"m","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":500}}""");
        await using var router = await RunningRouter.StartAsync(
            upstream, model: m => m with { Price = new PriceConfig { Input = 2, Output = 4 } });
        using var measured = new Measured(router.Services.GetRequiredService<IMeterFactory>());

        using (var response = await router.PostAsync(
            "chat/completions", """{"model":"public-model","messages":[{"role":"user","content":"Hi"}]}"""))
        {
            Assert.Equal(200, (int)response.StatusCode);
        }

        await Eventually.HoldsAsync(() => measured.Has(TelemetryNames.Cost));
        Assert.Equal(0.004, measured.Last(TelemetryNames.Cost), 9);
        Assert.Equal([new(TelemetryNames.Attributes.Model, "public-model")], measured.Tags(TelemetryNames.Cost));
    }

    /// <summary>The last measurement of each of our instruments.</summary>
    private sealed class Measured : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentDictionary<string, (double Value, KeyValuePair<string, object?>[] Tags)> _last = new();

        public Measured(IMeterFactory meters)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == TelemetryNames.Source && instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => _last[i.Name] = (value, tags.ToArray()));
            _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => _last[i.Name] = (value, tags.ToArray()));
            _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => _last[i.Name] = (value, tags.ToArray()));
            _listener.Start();
        }

        public bool Has(string name) => _last.ContainsKey(name);

        public double Last(string name) => _last[name].Value;

        public KeyValuePair<string, object?>[] Tags(string name) => _last[name].Tags;

        public void Observe() => _listener.RecordObservableInstruments();

        public void Dispose() => _listener.Dispose();
    }
}
