namespace AiRouter.Tests.Telemetry.Otlp;

/// <summary>One point of a metric as it came over the wire.</summary>
/// <param name="Resource">Attributes of the process: service.name and so on.</param>
/// <param name="Scope">The name of the meter.</param>
/// <param name="Metric">Its name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Kind">Gauge, Counter, UpDownCounter or Histogram.</param>
/// <param name="Attributes">Its labels.</param>
/// <param name="Value">The value; of a histogram the sum.</param>
/// <param name="Count">Of a histogram, how many were recorded; else 0.</param>
/// <param name="Bounds">Of a histogram, the upper bounds of its buckets but the last, which has none.</param>
/// <param name="Buckets">Of a histogram, how many are in each bucket.</param>
internal sealed record ReceivedPoint(
    IReadOnlyDictionary<string, object?> Resource,
    string Scope,
    string Metric,
    string Unit,
    string Kind,
    IReadOnlyDictionary<string, object?> Attributes,
    double Value,
    ulong Count,
    IReadOnlyList<double> Bounds,
    IReadOnlyList<ulong> Buckets)
{
    /// <summary>A label; null: it has none of that name.</summary>
    public object? this[string attribute] => Attributes.GetValueOrDefault(attribute);
}
