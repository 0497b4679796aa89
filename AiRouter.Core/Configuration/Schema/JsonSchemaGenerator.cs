using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiRouter.Core.Configuration.Schema;

/// <summary>Makes the JSON Schema (2020-12) of the document from the records, for completion and checks in editors.</summary>
internal sealed class JsonSchemaGenerator(XmlDocumentation documentation)
{
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    private readonly SortedDictionary<string, JsonNode?> _definitions = new(StringComparer.Ordinal);

    /// <summary>The schema as text.</summary>
    public string Generate()
    {
        var document = Record(Shapes.Document);
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "The configuration of AiRouter",
        };
        foreach (var (name, value) in document.ToList())
        {
            document.Remove(name);
            schema[name] = value;
        }

        schema["$defs"] = new JsonObject(_definitions);
        return schema.ToJsonString(Readable) + "\n";
    }

    private JsonObject Record(RecordShape shape)
    {
        var properties = new JsonObject();
        foreach (var member in shape.Members)
        {
            properties[member.Name] = Member(member);
        }

        var schema = new JsonObject
        {
            ["description"] = documentation.Of(shape.Type),
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
        if (shape.Members.Any(m => m.IsRequired))
        {
            schema["required"] = new JsonArray([.. shape.Members.Where(m => m.IsRequired).Select(m => (JsonNode)m.Name)]);
        }

        return schema;
    }

    private JsonObject Member(RecordMember member)
    {
        var schema = Of(member.Shape);
        schema["description"] = documentation.Of(member.Property) + Choices(member.Shape);
        if (member.Range is { } range)
        {
            schema["minimum"] = Number(range.Minimum);
            schema["maximum"] = Number(range.Maximum);
        }

        if (member.Pattern is { } pattern)
        {
            schema["pattern"] = $"^(?:{pattern.Pattern})$";
        }

        if (member.Operations is { } operations)
        {
            schema["items"]!["enum"] = new JsonArray([.. operations.Allowed.Select(o => (JsonNode)o)]);
        }

        if (Default(member) is { } value)
        {
            schema["default"] = value;
        }

        return schema;
    }

    private JsonObject Of(Shape shape) => shape switch
    {
        RecordShape record => Reference(record),
        MapShape map => new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(map.Value) },
        ListShape list => new JsonObject { ["type"] = "array", ["items"] = Of(list.Item) },
        AnyShape => [],
        _ => Scalar((ScalarShape)shape),
    };

    private JsonObject Reference(RecordShape shape)
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(shape.Type.Name.Replace("Config", "", StringComparison.Ordinal));
        if (_definitions.TryAdd(name, null))
        {
            _definitions[name] = Record(shape);
        }

        return new JsonObject { ["$ref"] = $"#/$defs/{name}" };
    }

    private static JsonObject Scalar(ScalarShape shape) => shape.Type switch
    {
        { IsEnum: true } => new JsonObject { ["enum"] = new JsonArray([.. shape.Names.Select(n => (JsonNode)n)]) },
        var type when type == typeof(bool) => new JsonObject { ["type"] = "boolean" },
        var type when type == typeof(int) || type == typeof(long) => new JsonObject { ["type"] = "integer" },
        var type when type == typeof(ulong) => new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
        var type when type == typeof(double) || type == typeof(decimal) => new JsonObject { ["type"] = "number" },
        var type when type == typeof(Uri) => new JsonObject { ["type"] = "string", ["format"] = "uri" },
        _ => new JsonObject { ["type"] = "string" },
    };

    private string Choices(Shape shape) => shape is ScalarShape { Type: { IsEnum: true } type }
        ? " " + string.Join(" ", Enum.GetNames(type).Select(n => $"{EnumNames.Of(type, n)}: {documentation.Of(type, n)}"))
        : "";

    private static JsonNode? Default(RecordMember member) => member.Default switch
    {
        null => null,
        bool value => value,
        int or long or double or decimal => Number(member.Default),
        string value => value,
        Enum value when !member.IsRequired => EnumNames.Of(value),
        IEnumerable<string> list => new JsonArray([.. list.Select(i => (JsonNode)i)]),
        _ => null,
    };

    private static JsonNode Number(object number) => JsonNode.Parse(Convert.ToString(number, CultureInfo.InvariantCulture)!)!;
}
