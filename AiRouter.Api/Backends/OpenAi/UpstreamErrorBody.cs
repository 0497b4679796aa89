using System.Text;
using System.Text.Json;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>
/// The error that a backend described, in whichever of the shapes that exist: OpenAI's nested one, vLLM's flat one, FastAPI's
/// <c>detail</c>, a bare string, or no JSON at all.
/// </summary>
internal sealed record UpstreamErrorBody(string? Message, string? Type, string? Param, string? Code)
{
    /// <summary>Nothing to be read.</summary>
    public static readonly UpstreamErrorBody None = new(null, null, null, null);

    /// <summary>Reads a body or the data of an event; never fails.</summary>
    public static UpstreamErrorBody Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            // A proxy's HTML page or a plain line: only a line is worth passing.
            var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 500)]).Trim();
            return text.Length is 0 or 500 || text.Contains('<') || text.Contains('\n') ? None : None with { Message = text };
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in a name or a text: JSON, but nothing that could be passed on.
            return None;
        }
    }

    private static UpstreamErrorBody Read(JsonElement root) => root.ValueKind switch
    {
        JsonValueKind.String => None with { Message = root.GetString() },
        JsonValueKind.Array when root.GetArrayLength() > 0 => Read(root[0]),
        JsonValueKind.Object when root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object => Members(error),
        JsonValueKind.Object when root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String =>
            Members(root) with { Message = Text(root, "message") ?? error.GetString() },
        JsonValueKind.Object when root.TryGetProperty("detail", out var detail) => Detail(detail),
        JsonValueKind.Object => Members(root),
        _ => None,
    };

    private static UpstreamErrorBody Members(JsonElement error) => new(
        Text(error, "message"), TypeOf(error), Text(error, "param"), Text(error, "code"));

    /// <summary>vLLM and the Responses API use <c>type: error</c> for the envelope: it is no type of error.</summary>
    private static string? TypeOf(JsonElement error) => Text(error, "type") is { } type && type != "error" ? type : null;

    /// <summary>FastAPI: a string, or a list of <c>{loc, msg}</c>.</summary>
    private static UpstreamErrorBody Detail(JsonElement detail)
    {
        switch (detail.ValueKind)
        {
            case JsonValueKind.String:
                return None with { Message = detail.GetString() };
            case JsonValueKind.Object:
                return Members(detail);
            case JsonValueKind.Array when detail.GetArrayLength() > 0 && detail[0].ValueKind == JsonValueKind.Object:
                var first = detail[0];
                var path = first.TryGetProperty("loc", out var loc) && loc.ValueKind == JsonValueKind.Array
                    ? string.Join('.', loc.EnumerateArray().Select(l => l.ToString()).Where(l => l != "body"))
                    : null;
                return new UpstreamErrorBody(Text(first, "msg"), null, path, null);
            default:
                return None;
        }
    }

    /// <summary>A string; a number or boolean as text (vLLM's <c>code: 400</c>); null for anything else.</summary>
    private static string? Text(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => null,
        };
}
