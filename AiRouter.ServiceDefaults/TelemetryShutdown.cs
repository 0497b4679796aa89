using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AiRouter.ServiceDefaults;

/// <summary>Sends what is left when the process stops, all signals at once and within a deadline. Without it each provider would wait
/// for its own 5 s, one after the other, for a collector that hangs.</summary>
internal sealed class TelemetryShutdown(IServiceProvider services) : IHostedService
{
    /// <summary>How long a stop may take because of telemetry.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        var milliseconds = (int)Deadline.TotalMilliseconds;
        var tracing = services.GetService<TracerProvider>();
        var metrics = services.GetService<MeterProvider>();
        var logging = services.GetService<LoggerProvider>();

        // A second Shutdown, which disposing does, returns at once.
        return Task.WhenAll(
            Task.Run(() => tracing?.Shutdown(milliseconds), CancellationToken.None),
            Task.Run(() => metrics?.Shutdown(milliseconds), CancellationToken.None),
            Task.Run(() => logging?.Shutdown(milliseconds), CancellationToken.None));
    }
}
