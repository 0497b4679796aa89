using Microsoft.Extensions.Configuration;

namespace AiRouter.ServiceDefaults;

/// <summary>Where telemetry is sent to: the first of <c>--otlp-endpoint</c>, <c>OTLP_ENDPOINT</c> and OpenTelemetry's own
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> that is set. Without one, nothing is sent.</summary>
internal static class OtlpEndpoint
{
    /// <summary>OpenTelemetry's own setting, where the exporter looks.</summary>
    public const string StandardKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] _keys = ["otlp-endpoint", "OTLP_ENDPOINT", StandardKey];

    /// <summary>The endpoint, or null when none is set.</summary>
    /// <exception cref="InvalidOperationException">What is set is not an http or https address.</exception>
    public static Uri? Find(IConfiguration configuration)
    {
        foreach (var key in _keys)
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
