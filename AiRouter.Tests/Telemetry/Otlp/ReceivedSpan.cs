namespace AiRouter.Tests.Telemetry.Otlp;

/// <summary>A span as it came over the wire.</summary>
/// <param name="Resource">Attributes of the process: service.name and so on.</param>
/// <param name="Scope">The name of the activity source.</param>
/// <param name="ScopeVersion">Its version.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Internal, Server, Client.</param>
/// <param name="TraceId">In hexadecimal.</param>
/// <param name="SpanId">In hexadecimal.</param>
/// <param name="ParentId">In hexadecimal; empty for a root.</param>
/// <param name="TraceState">W3C tracestate.</param>
/// <param name="Start">Nanoseconds since 1970.</param>
/// <param name="End">Nanoseconds since 1970.</param>
/// <param name="Attributes">Strings, booleans, longs, doubles and arrays of them.</param>
/// <param name="Events">Names and attributes.</param>
/// <param name="Status">Unset, Ok, Error.</param>
/// <param name="StatusMessage">What the status says; empty: nothing.</param>
internal sealed record ReceivedSpan(
    IReadOnlyDictionary<string, object?> Resource,
    string Scope,
    string ScopeVersion,
    string Name,
    string Kind,
    string TraceId,
    string SpanId,
    string ParentId,
    string TraceState,
    ulong Start,
    ulong End,
    IReadOnlyDictionary<string, object?> Attributes,
    IReadOnlyList<(string Name, IReadOnlyDictionary<string, object?> Attributes)> Events,
    string Status,
    string StatusMessage)
{
    /// <summary>The <c>service.name</c>.</summary>
    public string? Service => Resource.GetValueOrDefault("service.name") as string;

    /// <summary>An attribute; null: it has none of that name.</summary>
    public object? this[string attribute] => Attributes.GetValueOrDefault(attribute);
}
