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
internal sealed class DocumentWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter _json;
    private readonly bool _withDefaults;

    private DocumentWriter(Utf8JsonWriter json, bool withDefaults)
    {
        _json = json;
        _withDefaults = withDefaults;
    }

    /// <summary>The JSON of a record of the document, as UTF-8.</summary>
    /// <param name="record">What to write.</param>
    /// <param name="withDefaults">Values that are the default too, for people; equality does not need them.</param>
    public static byte[] ToJson(object record, bool withDefaults = false)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            new DocumentWriter(json, withDefaults).Write(record, Shapes.Of(record.GetType()));
        }

        return buffer.ToArray();
    }

    private void Write(object? value, Shape shape)
    {
        switch (shape)
        {
            case RecordShape record:
                _json.WriteStartObject();
                WriteMembers(value!, record);
                _json.WriteEndObject();
                break;
            case MapShape map:
                _json.WriteStartObject();
                var entries = (IDictionary)value!;
                foreach (var key in entries.Keys.Cast<string>().Order(StringComparer.Ordinal))
                {
                    _json.WritePropertyName(key);
                    Write(entries[key], map.Value);
                }

                _json.WriteEndObject();
                break;
            case ListShape list:
                _json.WriteStartArray();
                foreach (var item in (IEnumerable)value!)
                {
                    Write(item, list.Item);
                }

                _json.WriteEndArray();
                break;
            default:
                WriteScalar(_json, value);
                break;
        }
    }

    private void WriteMembers(object value, RecordShape record)
    {
        foreach (var member in record.Members)
        {
            if (member.Property.GetValue(value) is { } inner && !IsLeftOut(inner, member))
            {
                _json.WritePropertyName(member.Name);
                Write(inner, member.Shape);
            }
        }
    }

    // An empty list or object that is the default says nothing; an empty list that is not ("operations: []") does.
    private bool IsLeftOut(object value, RecordMember member) => value switch
    {
        _ when ReferenceEquals(value, member.Default) => !_withDefaults || value is ICollection { Count: 0 },
        // Each record has default lists of its own.
        IEnumerable<string> list when !_withDefaults && member.Default is IEnumerable<string> known && list.SequenceEqual(known) => true,
        ICollection { Count: 0 } => member.Default is ICollection { Count: 0 },
        _ when member.Shape is RecordShape record => member.Default is not null && record.Members.All(
            m => m.Property.GetValue(value) is not { } inner || IsLeftOut(inner, m)),
        _ => !_withDefaults && !member.IsRequired && value.Equals(member.Default),
    };

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
            case long number:
                json.WriteNumberValue(number);
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case JsonNode node:
                node.WriteTo(json);
                break;
            case Enum name:
                json.WriteStringValue(EnumNames.Of(name));
                break;
            case Uri url:
                json.WriteStringValue(url.OriginalString);
                break;
            case DateTimeOffset moment:
                json.WriteStringValue(moment.UtcDateTime.ToString(
                    "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", System.Globalization.CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }
}
