using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AiRouter.ServiceDefaults;

/// <summary>What every process of AiRouter has: telemetry and service discovery.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds metrics for <c>/metrics</c>, service discovery and, when an OTLP endpoint is set (<see cref="OtlpEndpoint"/>), the export of traces, metrics and logs. A collector that is dead
    /// or hangs slows nothing: exports happen in the background, from bounded queues, with a deadline.</summary>
    /// <exception cref="InvalidOperationException">The OTLP endpoint is not an http or https address.</exception>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, ServiceDefaultsOptions options)
        where TBuilder : IHostApplicationBuilder
    {
        var endpoint = OtlpEndpoint.Find(builder.Configuration);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, options))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter([.. options.Meters])
                .AddPrometheusExporter());
        OtlpExport.Add(builder, telemetry, endpoint, options, tracing => AddWebSpans(tracing, options));

        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(static http => http.AddServiceDiscovery());
        return builder;
    }

    /// <summary>Adds the export of traces, metrics and logs only, and nothing at all when no OTLP endpoint is set: for a process whose
    /// <c>/metrics</c> is somebody else's.</summary>
    /// <exception cref="InvalidOperationException">The OTLP endpoint is not an http or https address.</exception>
    public static TBuilder AddOtlpExport<TBuilder>(this TBuilder builder, ServiceDefaultsOptions options)
        where TBuilder : IHostApplicationBuilder
    {
        var endpoint = OtlpEndpoint.Find(builder.Configuration);
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => Describe(resource, options));
        if ((endpoint?.All ?? endpoint?.Metrics) is not null)
        {
            telemetry.WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter([.. options.Meters]));
        }

        OtlpExport.Add(builder, telemetry, endpoint, options, tracing => AddWebSpans(tracing, options));
        return builder;
    }

    private static void AddWebSpans(TracerProviderBuilder tracing, ServiceDefaultsOptions options) => tracing
        .AddAspNetCoreInstrumentation(web =>
        {
            web.Filter = IsWorthATrace;
            if (options.PathOnSpans is { } path)
            {
                web.EnrichWithHttpRequest = (span, request) => span.SetTag("url.path", path(request));
            }

            web.EnrichWithHttpResponse = static (span, _) => ServerSpan.Apply(span);
            web.EnrichWithException = static (span, _) => ServerSpan.Apply(span);
        })
        .AddHttpClientInstrumentation();

    // The environment last, because what an operator says about the process overrides what the program says.
    private static void Describe(ResourceBuilder resource, ServiceDefaultsOptions options) => resource
        .AddService(
            options.ServiceName,
            serviceVersion: Assembly.GetEntryAssembly()?.GetName().Version?.ToString(3),
            autoGenerateServiceInstanceId: true)
        .AddEnvironmentVariableDetector();

    // Probes and scrapes come every few seconds for ever, and say nothing.
    private static bool IsWorthATrace(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
        && context.Request.Path != DefaultEndpoints.HealthCheckPath
        && context.Request.Path != DefaultEndpoints.MetricsPath;
}
