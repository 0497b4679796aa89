using System.Text.Json;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// What a tool's schema says of an argument, as far as it matters for a value that comes without quotes.
/// </summary>
internal enum ValueType
{
    /// <summary>Nothing: the value tells.</summary>
    Unknown,

    /// <summary>It may be a string, so all of it is taken for one.</summary>
    Text,

    /// <summary>It is an object or a list.</summary>
    Structure,

    /// <summary>It is a number, a boolean or null.</summary>
    Scalar,
}

/// <summary>Looks the types of arguments up.</summary>
internal static class ValueTypes
{
    /// <summary>The type of an argument of a function in a <c>tools</c> array.</summary>
    public static ValueType Of(JsonElement? tools, ReadOnlySpan<byte> function, ReadOnlySpan<byte> argument)
    {
        if (tools is not { ValueKind: JsonValueKind.Array } array)
        {
            return ValueType.Unknown;
        }

        foreach (var tool in array.EnumerateArray())
        {
            if (TryGet(tool, "function"u8, JsonValueKind.Object, out var definition) &&
                TryGet(definition, "name"u8, JsonValueKind.String, out var name) && name.ValueEquals(function) &&
                TryGet(definition, "parameters"u8, JsonValueKind.Object, out var parameters) &&
                TryGet(parameters, "properties"u8, JsonValueKind.Object, out var properties) &&
                TryGet(properties, argument, JsonValueKind.Object, out var schema))
            {
                return OfSchema(schema, 0);
            }
        }

        return ValueType.Unknown;
    }

    private static ValueType OfSchema(JsonElement schema, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > 4)
        {
            return ValueType.Unknown;
        }

        if (schema.TryGetProperty("type"u8, out var type))
        {
            return type.ValueKind switch
            {
                JsonValueKind.String => OfName(type),
                JsonValueKind.Array => Either(type.EnumerateArray().Select(OfName)),
                _ => ValueType.Unknown,
            };
        }

        if (TryGet(schema, "anyOf"u8, JsonValueKind.Array, out var any) ||
            TryGet(schema, "oneOf"u8, JsonValueKind.Array, out any))
        {
            return Either(any.EnumerateArray().Select(s => OfSchema(s, depth + 1)));
        }

        return TryGet(schema, "enum"u8, JsonValueKind.Array, out var values) &&
            values.EnumerateArray().Any(v => v.ValueKind == JsonValueKind.String)
                ? ValueType.Text
                : ValueType.Unknown;
    }

    private static ValueType Either(IEnumerable<ValueType> types)
    {
        var all = types.Distinct().ToArray();
        return all.Contains(ValueType.Text) ? ValueType.Text : all is [var one] ? one : ValueType.Unknown;
    }

    private static ValueType OfName(JsonElement name) =>
        name.ValueKind != JsonValueKind.String ? ValueType.Unknown :
        name.ValueEquals("string"u8) ? ValueType.Text :
        name.ValueEquals("object"u8) || name.ValueEquals("array"u8) ? ValueType.Structure :
        ValueType.Scalar;

    private static bool TryGet(JsonElement from, ReadOnlySpan<byte> name, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        return from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out value) &&
            value.ValueKind == kind;
    }
}
