using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiRouter.Core.Configuration.Reading;

/// <summary>
/// Makes JSON of a part of the document, where any value is allowed: there YAML's own reading of plain values holds.
/// </summary>
internal static class JsonValueReader
{
    public static JsonNode? Read(DocumentNode node) => node switch
    {
        DocumentMap map => new JsonObject(map.Entries.Select(e => KeyValuePair.Create(e.Key, Read(e.Value)))),
        DocumentList list => new JsonArray([.. list.Items.Select(Read)]),
        _ => ReadScalar((DocumentScalar)node),
    };

    private static JsonValue? ReadScalar(DocumentScalar scalar)
    {
        if (scalar.IsNull)
        {
            return null;
        }

        if (scalar.IsQuoted)
        {
            return JsonValue.Create(scalar.Text);
        }

        return scalar.Text switch
        {
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ => ReadNumber(scalar.Text) ?? JsonValue.Create(scalar.Text),
        };
    }

    // A number that JSON knows keeps its digits; of YAML's other forms only "+1", ".5" and "1." are numbers here.
    private static JsonValue? ReadNumber(string text)
    {
        if (text.Length == 0 || !(char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.'))
        {
            return null;
        }

        try
        {
            if (JsonNode.Parse(text) is JsonValue value && value.GetValueKind() == JsonValueKind.Number)
            {
                return value;
            }
        }
        catch (JsonException)
        {
            // Not as JSON writes numbers.
        }

        return !text.EndsWith('-') && text.All(c => char.IsAsciiDigit(c) || c is '.' or '+' or '-' or 'e' or 'E') &&
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : null;
    }
}
