using System.Text;
using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Telemetry;

/// <summary>What a client asked for beside its prompt, as attributes of spans. A value of the wrong type is left out.</summary>
internal static class RequestParameters
{
    private const int LongestWord = 64;
    private const int MostStops = 16;
    private const int LongestStop = 1024;

    private static readonly (string Member, string Attribute, bool IsWhole)[] _numbers =
    [
        ("temperature", TelemetryNames.SpanAttributes.Temperature, false),
        ("top_p", TelemetryNames.SpanAttributes.TopP, false),
        ("top_k", TelemetryNames.SpanAttributes.TopK, true),
        ("presence_penalty", TelemetryNames.SpanAttributes.PresencePenalty, false),
        ("frequency_penalty", TelemetryNames.SpanAttributes.FrequencyPenalty, false),
        ("seed", TelemetryNames.SpanAttributes.Seed, true),
        ("dimensions", TelemetryNames.SpanAttributes.Dimensions, true),
    ];

    // The newest name first: it is the one that counts (R9).
    private static readonly string[] _limits = ["max_completion_tokens", "max_output_tokens", "max_tokens"];

    /// <summary>Those of a request.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="withContent">Texts that the client made up too.</param>
    public static KeyValuePair<string, object?>[] Of(Exchange exchange, bool withContent)
    {
        if (exchange.Body is not JsonBody { Index: var index })
        {
            return [];
        }

        var found = new List<KeyValuePair<string, object?>>();
        void Add(string attribute, object? value)
        {
            if (value is not null)
            {
                found.Add(new(attribute, value));
            }
        }

        Add(TelemetryNames.SpanAttributes.Stream, exchange.Facts.Stream ? true : null);
        Add(TelemetryNames.SpanAttributes.ChoiceCount, exchange.Facts.N is > 1 and var n ? n : null);
        Add(TelemetryNames.SpanAttributes.MaxTokens, _limits.Select(limit => Number(index, limit, isWhole: true)).FirstOrDefault(l => l is not null));
        foreach (var (member, attribute, isWhole) in _numbers)
        {
            Add(attribute, Number(index, member, isWhole));
        }

        Add(TelemetryNames.SpanAttributes.EncodingFormats, Word(index, "encoding_format") is { } format ? new[] { format } : null);
        Add(TelemetryNames.SpanAttributes.OutputType, OutputType(index));
        if (withContent)
        {
            Add(TelemetryNames.SpanAttributes.StopSequences, Stops(index));
        }

        return [.. found];
    }

    private static object? Number(JsonIndex index, string name, bool isWhole)
    {
        var member = index.Find(Encoding.UTF8.GetBytes(name));
        if (member.Type != JsonTokenType.Number)
        {
            return null;
        }

        var reader = new Utf8JsonReader(index.ValueOf(member));
        reader.Read();
        return isWhole
            ? reader.TryGetInt64(out var whole) ? whole : null
            : reader.TryGetDouble(out var value) && double.IsFinite(value) ? value : null;
    }

    private static string? Word(JsonIndex index, string name)
    {
        var member = index.Find(Encoding.UTF8.GetBytes(name));
        return member.Type == JsonTokenType.String && member.ValueLength <= LongestWord ? JsonText.Unquote(index.ValueOf(member)) : null;
    }

    private static string? OutputType(JsonIndex index)
    {
        var member = index.Find("response_format"u8);
        if (member.Type != JsonTokenType.StartObject)
        {
            return null;
        }

        using var format = JsonDocument.Parse(index.Json.Slice(member.ValueStart, member.ValueLength));
        return !format.RootElement.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String ? null
            : type.ValueEquals("text"u8) ? "text"
            : type.ValueEquals("json_object"u8) || type.ValueEquals("json_schema"u8) ? "json"
            : null;
    }

    private static string[]? Stops(JsonIndex index)
    {
        var member = index.Find("stop"u8);
        if (member.Type is not (JsonTokenType.String or JsonTokenType.StartArray))
        {
            return null;
        }

        using var stop = JsonDocument.Parse(index.Json.Slice(member.ValueStart, member.ValueLength));
        var words = stop.RootElement.ValueKind == JsonValueKind.String ? [stop.RootElement] : stop.RootElement.EnumerateArray().ToArray();
        return
        [
            .. words.Where(static w => w.ValueKind == JsonValueKind.String).Select(static w => w.GetString()!)
                .Where(static w => w.Length <= LongestStop).Take(MostStops),
        ];
    }
}
