using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AiRouter.Api.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.EndToEnd;

/// <summary>What a request leaves in the metrics.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Streamed_answer_is_counted_with_its_tokens_and_its_first_one()
    {
        await using var router = await TritonRouter.StartAsync();
        using var metrics = new Recorded(router.Router.Services.GetRequiredService<IMeterFactory>());

        using (var response = await router.Router.PostAsync(
            "chat/completions", TritonRouter.Chat("[[say:one two three]]", "\"stream\":true")))
        {
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        await metrics.WaitForAsync(TelemetryNames.TokenUsage, 2);
        Assert.Equal(1, metrics.Count(TelemetryNames.TimeToFirstToken));
        Assert.Equal(["input", "output"], metrics.Tags(TelemetryNames.TokenUsage, TelemetryNames.Attributes.TokenType));
        Assert.Equal(["chat"], metrics.Tags(TelemetryNames.RequestDuration, TelemetryNames.Attributes.Model));
    }

    [Fact]
    public async Task Model_names_that_clients_make_up_are_not_labels()
    {
        await using var router = await TritonRouter.StartAsync();
        using var metrics = new Recorded(router.Router.Services.GetRequiredService<IMeterFactory>());

        using (await router.Router.PostAsync("chat/completions", TritonRouter.Chat("Hi", model: "made-up-4711")))
        {
            await metrics.WaitForAsync(TelemetryNames.Errors);
        }

        Assert.Equal(["ModelNotFound"], metrics.Tags(TelemetryNames.Errors, TelemetryNames.Attributes.ErrorType));
        Assert.Empty(metrics.Tags(TelemetryNames.Errors, TelemetryNames.Attributes.Model));
    }

    /// <summary>Listens to the instruments of one router.</summary>
    private sealed class Recorded : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<(string Name, KeyValuePair<string, object?>[] Tags)> _measured = new();

        public Recorded(IMeterFactory meters)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == TelemetryNames.Source && instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<double>((i, _, tags, _) => _measured.Enqueue((i.Name, tags.ToArray())));
            _listener.SetMeasurementEventCallback<long>((i, _, tags, _) => _measured.Enqueue((i.Name, tags.ToArray())));
            _listener.Start();
        }

        public int Count(string name) => _measured.Count(m => m.Name == name);

        public IEnumerable<string?> Tags(string name, string tag) => _measured.Where(m => m.Name == name)
            .SelectMany(m => m.Tags.Where(t => t.Key == tag)).Select(t => (string?)t.Value).Order(StringComparer.Ordinal);

        /// <summary>The client may have its answer a moment before the request is settled.</summary>
        public async Task WaitForAsync(string name, int count = 1)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            deadline.CancelAfter(TimeSpan.FromSeconds(10));
            while (Count(name) < count)
            {
                await Task.Delay(5, deadline.Token);
            }
        }

        public void Dispose() => _listener.Dispose();
    }
}
