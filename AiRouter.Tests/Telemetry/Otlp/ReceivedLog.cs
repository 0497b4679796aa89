namespace AiRouter.Tests.Telemetry.Otlp;

/// <summary>A log record as it came over the wire.</summary>
/// <param name="Resource">Attributes of the process: service.name and so on.</param>
/// <param name="Category">The logger's name.</param>
/// <param name="Severity">Information, Warning, …</param>
/// <param name="Body">The message.</param>
/// <param name="Attributes">What the message is made of.</param>
/// <param name="TraceId">Of the request that it belongs to, in hexadecimal; empty: none.</param>
/// <param name="SpanId">In hexadecimal; empty: none.</param>
/// <param name="EventName">The name of the event.</param>
internal sealed record ReceivedLog(
    IReadOnlyDictionary<string, object?> Resource,
    string Category,
    string Severity,
    object? Body,
    IReadOnlyDictionary<string, object?> Attributes,
    string TraceId,
    string SpanId,
    string EventName);
