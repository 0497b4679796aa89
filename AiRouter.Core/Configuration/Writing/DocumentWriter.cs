using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Core.Configuration.Schema;

namespace AiRouter.Core.Configuration.Writing;

/// <summary>
/// Writes records as the JSON of the document: known order, names of maps sorted, nothing that is empty. Equal
/// configurations are equal bytes.
/// </summary>
internal static class DocumentWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON of a record of the document, as UTF-8.</summary>
    public static byte[] ToJson(object record)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Write(json, record, Shapes.Of(record.GetType()));
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter json, object? value, Shape shape)
    {
        switch (shape)
        {
            case RecordShape record:
                json.WriteStartObject();
                foreach (var member in record.Members)
                {
                    if (member.Property.GetValue(value) is { } inner && !IsEmpty(inner, member))
                    {
                        json.WritePropertyName(member.Name);
                        Write(json, inner, member.Shape);
                    }
                }

                json.WriteEndObject();
                break;
            case MapShape map:
                json.WriteStartObject();
                var entries = (IDictionary)value!;
                foreach (var key in entries.Keys.Cast<string>().Order(StringComparer.Ordinal))
                {
                    json.WritePropertyName(key);
                    Write(json, entries[key], map.Value);
                }

                json.WriteEndObject();
                break;
            case ListShape list:
                json.WriteStartArray();
                foreach (var item in (IEnumerable)value!)
                {
                    Write(json, item, list.Item);
                }

                json.WriteEndArray();
                break;
            default:
                WriteScalar(json, value);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool boolean:
                json.WriteBooleanValue(boolean);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case JsonNode node:
                node.WriteTo(json);
                break;
            case Enum name:
                json.WriteStringValue(name.ToString().ToLowerInvariant());
                break;
            case Uri url:
                json.WriteStringValue(url.OriginalString);
                break;
            case DateTimeOffset moment:
                json.WriteStringValue(moment.ToUniversalTime().ToString(
                    "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", System.Globalization.CultureInfo.InvariantCulture).Replace("+00:00", "Z", StringComparison.Ordinal));
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }

    // An empty list or object that is the default says nothing; an empty list that is not ("operations: []") does.
    private static bool IsEmpty(object value, RecordMember member) => value switch
    {
        ICollection { Count: 0 } => member.Default is ICollection { Count: 0 },
        _ when member.Shape is RecordShape && member.Default is not null => ToJson(value).Length == 2,
        _ => false,
    };
}
