using AiRouter.Tests.Telemetry.Otlp.Wire;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace AiRouter.Tests.Telemetry.Otlp;

/// <summary>Makes what tests look at of the messages of the wire.</summary>
internal static class OtlpDecoder
{
    private const int Cumulative = 2;
    private static readonly string[] _kinds = ["Unspecified", "Internal", "Server", "Client", "Producer", "Consumer"];
    private static readonly string[] _statuses = ["Unset", "Ok", "Error"];

    /// <summary>All spans of one export.</summary>
    public static IEnumerable<ReceivedSpan> Spans(byte[] export) =>
        from resource in ExportTrace.Parser.ParseFrom(export).ResourceSpans
        let attributes = Attributes(resource.Resource?.Attributes)
        from scope in resource.ScopeSpans
        from span in scope.Spans
        select new ReceivedSpan(
            attributes,
            scope.Scope.Name,
            scope.Scope.Version,
            span.Name,
            _kinds[span.Kind],
            Hex(span.TraceId),
            Hex(span.SpanId),
            Hex(span.ParentSpanId),
            span.TraceState,
            span.StartTimeUnixNano,
            span.EndTimeUnixNano,
            Attributes(span.Attributes),
            [.. span.Events.Select(static e => (e.Name, Attributes(e.Attributes)))],
            _statuses[span.Status?.Code ?? 0],
            span.Status?.Message ?? "");

    /// <summary>All points of one export.</summary>
    public static IEnumerable<ReceivedPoint> Points(byte[] export) =>
        from resource in ExportMetrics.Parser.ParseFrom(export).ResourceMetrics
        let attributes = Attributes(resource.Resource?.Attributes)
        from scope in resource.ScopeMetrics
        from metric in scope.Metrics
        from point in Points(attributes, scope.Scope.Name, metric)
        select point;

    /// <summary>All log records of one export.</summary>
    public static IEnumerable<ReceivedLog> Logs(byte[] export) =>
        from resource in ExportLogs.Parser.ParseFrom(export).ResourceLogs
        let attributes = Attributes(resource.Resource?.Attributes)
        from scope in resource.ScopeLogs
        from log in scope.LogRecords
        select new ReceivedLog(
            attributes, scope.Scope?.Name ?? "", log.SeverityText, Value(log.Body), Attributes(log.Attributes), Hex(log.TraceId),
            Hex(log.SpanId), log.EventName);

    private static IEnumerable<ReceivedPoint> Points(IReadOnlyDictionary<string, object?> resource, string scope, Metric metric)
    {
        ReceivedPoint Number(string kind, NumberPoint point) => new(
            resource, scope, metric.Name, metric.Unit, kind, Attributes(point.Attributes),
            point.ValueCase == NumberPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble, 0, [], []);

        return metric.DataCase switch
        {
            Metric.DataOneofCase.Gauge => metric.Gauge.DataPoints.Select(p => Number("Gauge", p)),
            Metric.DataOneofCase.Sum => metric.Sum.DataPoints.Select(p => Number(metric.Sum.IsMonotonic ? "Counter" : "UpDownCounter", p)),
            Metric.DataOneofCase.Histogram when metric.Histogram.AggregationTemporality == Cumulative =>
                metric.Histogram.DataPoints.Select(p => new ReceivedPoint(
                    resource, scope, metric.Name, metric.Unit, "Histogram", Attributes(p.Attributes), p.Sum, p.Count, [.. p.ExplicitBounds],
                    [.. p.BucketCounts])),
            var other => throw new InvalidDataException($"{metric.Name}: {other}"),
        };
    }

    private static Dictionary<string, object?> Attributes(RepeatedField<KeyValue>? attributes) =>
        (attributes ?? []).ToDictionary(static a => a.Key, static a => Value(a.Value), StringComparer.Ordinal);

    private static object? Value(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue,
        AnyValue.ValueOneofCase.IntValue => value.IntValue,
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue,
        AnyValue.ValueOneofCase.ArrayValue => value.ArrayValue.Values.Select(Value).ToArray(),
        AnyValue.ValueOneofCase.KvlistValue => Attributes(value.KvlistValue.Values),
        AnyValue.ValueOneofCase.BytesValue => value.BytesValue.ToByteArray(),
        _ => null,
    };

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
}
