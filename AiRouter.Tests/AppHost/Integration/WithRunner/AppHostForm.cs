namespace AiRouter.Tests.AppHost.Integration.WithRunner;

/// <summary>The runner, as <c>./airouter.sh run</c> starts it.</summary>
internal sealed class AppHostForm(RunningAppHost host) : IRunningForm
{
    /// <summary>Starts it.</summary>
    /// <param name="options">Its ports and files.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="collector">Where telemetry goes, over gRPC.</param>
    public static async Task<IRunningForm> StartAsync(RunOptions options, string[] arguments, string collector) =>
        new AppHostForm(await RunningAppHost.StartAsync(options, arguments, new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector,
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        }));

    /// <inheritdoc/>
    public string AdminKey => RunningAppHost.AdminKey;

    /// <inheritdoc/>
    /// <remarks>The runner announces itself when everything is healthy.</remarks>
    public Task IsHealthyAsync(string resource)
    {
        Assert.Contains("AiRouter is ready.", host.Output, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
