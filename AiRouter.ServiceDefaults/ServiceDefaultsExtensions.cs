using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AiRouter.ServiceDefaults;

/// <summary>What every process of AiRouter has: telemetry and service discovery.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds metrics for <c>/metrics</c>, service discovery and, when an OTLP endpoint is set (<c>--otlp-endpoint</c>,
    /// <c>OTLP_ENDPOINT</c> or <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>), the export of traces, metrics and logs. A collector that is dead
    /// or hangs slows nothing: exports happen in the background, from bounded queues, with a deadline.</summary>
    /// <exception cref="InvalidOperationException">The OTLP endpoint is not an http or https address.</exception>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, ServiceDefaultsOptions options)
        where TBuilder : IHostApplicationBuilder
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, options))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter([.. options.Meters])
                .AddPrometheusExporter());
        if (OtlpEndpoint.Find(builder.Configuration) is { } endpoint)
        {
            SendTo(endpoint, builder, telemetry, options);
        }
        else
        {
            builder.Services.MakeNoSpans();
        }

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
        if (OtlpEndpoint.Find(builder.Configuration) is not { } endpoint)
        {
            builder.Services.MakeNoSpans();
            return builder;
        }

        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, options))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter([.. options.Meters]));
        SendTo(endpoint, builder, telemetry, options);
        return builder;
    }

    // ASP.NET Core makes an activity for each request as soon as this logger could write a line, though nobody reads the activity; and
    // with one under way each HTTP request to a backend gets another. Nothing that it logs is missed: requests have a log of their own.
    private static void MakeNoSpans(this IServiceCollection services) => services.PostConfigure<LoggerFilterOptions>(static filters =>
        filters.Rules.Add(new LoggerFilterRule(null, "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None, null)));

    private static void SendTo(
        Uri endpoint, IHostApplicationBuilder builder, OpenTelemetryBuilder telemetry, ServiceDefaultsOptions options)
    {
        // The exporter reads its settings here, so that all of OpenTelemetry's own (OTEL_EXPORTER_OTLP_*) hold too.
        builder.Configuration.AddInMemoryCollection([new(OtlpEndpoint.StandardKey, endpoint.OriginalString)]);

        telemetry
            .WithTracing(tracing => tracing
                .AddSource([.. options.ActivitySources])
                .AddAspNetCoreInstrumentation(static web =>
                {
                    web.Filter = IsWorthATrace;
                    web.EnrichWithHttpResponse = static (span, _) => ServerSpan.Apply(span);
                    web.EnrichWithException = static (span, _) => ServerSpan.Apply(span);
                })
                .AddHttpClientInstrumentation())
            .WithLogging(null, static logging =>
            {
                logging.IncludeFormattedMessage = true;
                logging.IncludeScopes = true;
            })
            .UseOtlpExporter();
        builder.Services.AddHostedService<TelemetryShutdown>();
    }

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
