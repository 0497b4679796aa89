using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiRouter.TritonSimulator.Guides;

/// <summary>
/// A small instance of a JSON schema: required members (all of them where the schema requires none), the first of what
/// may be chosen, the least of what may be counted.
/// </summary>
internal sealed class SchemaSample(JsonElement root)
{
    private const int MaxDepth = 32;

    /// <summary>The instance as JSON; null when the schema asks for something that is not known here.</summary>
    public string? Make()
    {
        return TryMake(root, 0, out var instance) ? instance?.ToJsonString(Options) ?? "null" : null;
    }

    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private bool TryMake(JsonElement schema, int depth, out JsonNode? instance)
    {
        instance = null;
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return schema.ValueKind == JsonValueKind.True;
        }

        if (depth > MaxDepth)
        {
            return false;
        }

        if (schema.TryGetProperty("const", out var constant))
        {
            instance = JsonNode.Parse(constant.GetRawText());
            return true;
        }

        if (schema.TryGetProperty("enum", out var values))
        {
            instance = values.GetArrayLength() > 0 ? JsonNode.Parse(values[0].GetRawText()) : null;
            return values.GetArrayLength() > 0;
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            return TryFind(reference.GetString(), out var target) && TryMake(target, depth + 1, out instance);
        }

        foreach (var choice in (string[])["anyOf", "oneOf", "allOf"])
        {
            if (schema.TryGetProperty(choice, out var options))
            {
                return TryMakeOneOf(choice, options, depth, out instance);
            }
        }

        return TryMakeType(TypeOf(schema), schema, depth, out instance);
    }

    /// <summary>Of several schemas that must all hold, only one can be obeyed here.</summary>
    private bool TryMakeOneOf(string choice, JsonElement options, int depth, out JsonNode? instance)
    {
        instance = null;
        if (choice == "allOf" && options.GetArrayLength() != 1)
        {
            return false;
        }

        foreach (var option in options.EnumerateArray())
        {
            if (TryMake(option, depth + 1, out instance))
            {
                return true;
            }
        }

        return false;
    }

    private static string TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
        {
            return schema.TryGetProperty("items", out _) ? "array" : "object";
        }

        return type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Select(each => each.GetString() ?? "").FirstOrDefault(each => each != "null", "null")
            : type.GetString() ?? "";
    }

    private bool TryMakeType(string type, JsonElement schema, int depth, out JsonNode? instance)
    {
        instance = null;
        switch (type)
        {
            case "null":
                return true;
            case "boolean":
                instance = true;
                return true;
            case "integer" or "number":
                instance = Number(schema, type == "integer");
                return true;
            case "string":
                instance = StringSample.Make(schema);
                return instance is not null;
            case "array":
                return TryMakeArray(schema, depth, out instance);
            case "object":
                return TryMakeObject(schema, depth, out instance);
            default:
                return false;
        }
    }

    private bool TryMakeObject(JsonElement schema, int depth, out JsonNode? instance)
    {
        var made = new JsonObject();
        instance = made;
        string[] required = schema.TryGetProperty("required", out var names)
            ? [.. names.EnumerateArray().Select(name => name.GetString()!)]
            : [];
        var hasProperties = schema.TryGetProperty("properties", out var properties);
        if (required.Length == 0 && hasProperties)
        {
            required = [.. properties.EnumerateObject().Select(property => property.Name)];
        }

        foreach (var name in required)
        {
            JsonNode? value = null;
            if (hasProperties
                && properties.TryGetProperty(name, out var property)
                && !TryMake(property, depth + 1, out value))
            {
                return false;
            }

            made[name] = value;
        }

        return true;
    }

    private bool TryMakeArray(JsonElement schema, int depth, out JsonNode? instance)
    {
        var made = new JsonArray();
        instance = made;
        var wanted = (int)(Limit(schema, "minItems") ?? Math.Min(1, Limit(schema, "maxItems") ?? 1));
        for (var i = 0; i < wanted; i++)
        {
            JsonNode? item = i + 1;
            if (schema.TryGetProperty("items", out var items) && !TryMake(items, depth + 1, out item))
            {
                // An array of what cannot be made may still be empty.
                made.Clear();
                return Limit(schema, "minItems") is null or 0;
            }

            made.Add(item);
        }

        return true;
    }

    private static JsonValue Number(JsonElement schema, bool whole)
    {
        var least = Limit(schema, "minimum")
            ?? Limit(schema, "exclusiveMinimum") + 1
            ?? Math.Min(1, Limit(schema, "maximum") ?? Limit(schema, "exclusiveMaximum") - 1 ?? 1);
        if (Limit(schema, "multipleOf") is { } step and > 0)
        {
            least = Math.Ceiling(least / step) * step;
        }

        return whole ? JsonValue.Create((long)Math.Ceiling(least)) : JsonValue.Create(least);
    }

    private static double? Limit(JsonElement schema, string name)
    {
        return schema.TryGetProperty(name, out var limit) && limit.ValueKind == JsonValueKind.Number
            ? limit.GetDouble()
            : null;
    }

    private bool TryFind(string? reference, out JsonElement target)
    {
        target = root;
        if (reference is null || !reference.StartsWith('#'))
        {
            return false;
        }

        foreach (var part in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (target.ValueKind != JsonValueKind.Object || !target.TryGetProperty(name, out target))
            {
                return false;
            }
        }

        return true;
    }
}
