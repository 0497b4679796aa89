using Microsoft.Extensions.Configuration;

namespace AiRouter.ServiceDefaults;

/// <summary>Where telemetry is sent to. <see cref="All"/> is the first of <c>--otlp-endpoint</c>, <c>OTLP_ENDPOINT</c> and OpenTelemetry's
/// own <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> that is set; a signal's own variable stands over it, and sends that signal alone where there is
/// no other.</summary>
/// <param name="All">For all signals; null: only those are sent that have an endpoint of their own.</param>
/// <param name="Traces"><c>OTEL_EXPORTER_OTLP_TRACES_ENDPOINT</c>.</param>
/// <param name="Metrics"><c>OTEL_EXPORTER_OTLP_METRICS_ENDPOINT</c>.</param>
/// <param name="Logs"><c>OTEL_EXPORTER_OTLP_LOGS_ENDPOINT</c>.</param>
internal sealed record OtlpEndpoint(Uri? All, Uri? Traces, Uri? Metrics, Uri? Logs)
{
    /// <summary>OpenTelemetry's own setting, where the exporter looks.</summary>
    public const string StandardKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string Disabled = "OTEL_SDK_DISABLED";

    private static readonly string[] _keys = ["otlp-endpoint", "OTLP_ENDPOINT", StandardKey];

    /// <summary>Spans are sent.</summary>
    public bool HasTraces => (All ?? Traces) is not null;

    /// <summary>The endpoints, or null when none is set: then nothing is sent.</summary>
    /// <exception cref="InvalidOperationException">What is set is not an http or https address.</exception>
    public static OtlpEndpoint? Find(IConfiguration configuration)
    {
        if (bool.TryParse(configuration[Disabled], out var disabled) && disabled)
        {
            return null;
        }

        var found = new OtlpEndpoint(
            First(configuration, _keys), First(configuration, KeyOf("TRACES")), First(configuration, KeyOf("METRICS")),
            First(configuration, KeyOf("LOGS")));
        return found == new OtlpEndpoint(null, null, null, null) ? null : found;
    }

    private static string KeyOf(string signal) => $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT";

    private static Uri? First(IConfiguration configuration, params string[] keys)
    {
        foreach (var key in keys)
        {
            var value = configuration[key];
            if (string.IsNullOrWhiteSpace(value))
            {
                continue;
            }

            if (Uri.TryCreate(value, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https")
            {
                return endpoint;
            }

            throw new InvalidOperationException(
                $"{key}: '{value}' is not the address of an OTLP collector (such as http://localhost:4317).");
        }

        return null;
    }
}
