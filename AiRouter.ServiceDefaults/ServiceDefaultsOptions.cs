using Microsoft.AspNetCore.Http;

namespace AiRouter.ServiceDefaults;

/// <summary>What one process adds to the telemetry that all of ours share.</summary>
public sealed record ServiceDefaultsOptions
{
    /// <summary>The <c>service.name</c> of the process; <c>OTEL_SERVICE_NAME</c> overrides it.</summary>
    public required string ServiceName { get; init; }

    /// <summary>The names of the process's own meters, wildcards (<c>*</c>) allowed.</summary>
    public IReadOnlyList<string> Meters { get; init; } = [];

    /// <summary>The names of the process's own activity sources, wildcards (<c>*</c>) allowed.</summary>
    public IReadOnlyList<string> ActivitySources { get; init; } = [];

    /// <summary>What spans of requests have as <c>url.path</c>; null: the path as the client wrote it.</summary>
    public Func<HttpRequest, string>? PathOnSpans { get; init; }
}
