using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AiRouter.ServiceDefaults;

/// <summary>Sends traces, metrics and logs to where <see cref="OtlpEndpoint"/> says.</summary>
internal static class OtlpExport
{
    /// <summary>Adds it.</summary>
    public static void Add(
        IHostApplicationBuilder builder, OpenTelemetryBuilder telemetry, OtlpEndpoint? endpoint, ServiceDefaultsOptions options,
        Action<TracerProviderBuilder> trace)
    {
        if (endpoint is null || !endpoint.HasTraces)
        {
            builder.Services.MakeNoSpans();
        }
        else
        {
            telemetry.WithTracing(tracing =>
            {
                tracing.AddSource([.. options.ActivitySources]);
                trace(tracing);
            });
        }

        if (endpoint is null)
        {
            return;
        }

        if (endpoint.All is not null)
        {
            // The exporter reads its settings here, so that all of OpenTelemetry's own (OTEL_EXPORTER_OTLP_*) hold too.
            builder.Configuration.AddInMemoryCollection([new(OtlpEndpoint.StandardKey, endpoint.All.OriginalString)]);
            telemetry.WithLogging(null, Describe).UseOtlpExporter();
        }
        else
        {
            AddEach(builder.Configuration, telemetry, endpoint);
        }

        builder.Services.AddHostedService<TelemetryShutdown>();
    }

    /// <summary>
    /// ASP.NET Core makes an activity for each request as soon as this logger could write a line, though nobody reads the activity; and
    /// with one under way each HTTP request to a backend gets another. Nothing that it logs is missed: requests have a log of their own.
    /// </summary>
    private static void MakeNoSpans(this IServiceCollection services) => services.PostConfigure<LoggerFilterOptions>(static filters =>
        filters.Rules.Add(new LoggerFilterRule(null, "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None, null)));

    // Together they would all be sent: those that nobody named to an address that nobody named.
    private static void AddEach(IConfiguration configuration, OpenTelemetryBuilder telemetry, OtlpEndpoint endpoint)
    {
        if (endpoint.Traces is { } traces)
        {
            telemetry.WithTracing(tracing => tracing.AddOtlpExporter(exporter => Set(exporter, configuration, "TRACES", traces)));
        }

        if (endpoint.Metrics is { } metrics)
        {
            telemetry.WithMetrics(meters => meters.AddOtlpExporter(exporter => Set(exporter, configuration, "METRICS", metrics)));
        }

        if (endpoint.Logs is { } logs)
        {
            telemetry.WithLogging(logging => logging.AddOtlpExporter(exporter => Set(exporter, configuration, "LOGS", logs)), Describe);
        }
    }

    private static void Set(OtlpExporterOptions exporter, IConfiguration configuration, string signal, Uri endpoint)
    {
        exporter.Endpoint = endpoint;
        exporter.Protocol = configuration[$"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL"] switch
        {
            "grpc" => OtlpExportProtocol.Grpc,
            "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            _ => exporter.Protocol,
        };
        if (configuration[$"OTEL_EXPORTER_OTLP_{signal}_HEADERS"] is { Length: > 0 } headers)
        {
            exporter.Headers = headers;
        }
    }

    // No scopes: the only ones are ASP.NET Core's, with the path as the client wrote it, keys included. Trace and span are there anyway.
    private static void Describe(OpenTelemetryLoggerOptions logging) => logging.IncludeFormattedMessage = true;
}
