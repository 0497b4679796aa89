using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>
/// The JSON schema of an answer that is nothing but calls: of a named function its arguments; else <c>{"name": …,
/// "arguments": {…}}</c>, or a list of them where the client takes several. What <c>$ref</c> points to inside a function's
/// own schema moves to the root with it.
/// </summary>
internal static class ToolSchema
{
    private const string Definitions = "$defs";
    private const string NoArguments = """{"type":"object","properties":{},"additionalProperties":false}""";

    /// <summary>The guide that makes the model call.</summary>
    public static GuidedDecoding For(ToolRequest tools) => new(GuideKind.JsonSchema, SchemaOf(tools));

    private static string SchemaOf(ToolRequest tools)
    {
        if (tools.Named is { } name)
        {
            return SchemaOf(tools.Functions.First(f => f.Name == name).Parameters);
        }

        var definitions = new JsonObject();
        var calls = new JsonArray();
        foreach (var function in tools.Functions.DistinctBy(f => f.Name))
        {
            calls.Add((JsonNode)CallOf(function, $"f{calls.Count}", definitions));
        }

        var call = calls.Count == 1 ? calls[0]!.DeepClone().AsObject() : new JsonObject { ["anyOf"] = calls };
        var schema = tools.IsParallel
            ? new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = call }
            : call;
        if (definitions.Count > 0)
        {
            schema[Definitions] = definitions;
        }

        return schema.ToJsonString();
    }

    /// <summary>Calls are objects, whatever the schema leaves open.</summary>
    private static string SchemaOf(JsonElement? parameters)
    {
        if (parameters is not { } given || given.TryGetProperty("type", out _))
        {
            return parameters?.GetRawText() ?? NoArguments;
        }

        var schema = JsonNode.Parse(given.GetRawText())!.AsObject();
        schema["type"] = "object";
        return schema.ToJsonString();
    }

    private static JsonObject CallOf(ToolFunction function, string prefix, JsonObject definitions) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["name"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray(function.Name) },
            ["arguments"] = ArgumentsOf(function.Parameters, prefix, definitions),
        },
        ["required"] = new JsonArray("name", "arguments"),
        ["additionalProperties"] = false,
    };

    private static JsonObject ArgumentsOf(JsonElement? parameters, string prefix, JsonObject definitions)
    {
        var arguments = JsonNode.Parse(parameters?.GetRawText() ?? NoArguments)!.AsObject();
        var pointsElsewhere = Move(arguments, prefix);
        foreach (var name in (string[])[Definitions, "definitions"])
        {
            if (arguments[name] is JsonObject own && arguments.Remove(name))
            {
                foreach (var (key, value) in own)
                {
                    definitions[$"{prefix}_{key}"] = value?.DeepClone();
                }
            }
        }

        if (pointsElsewhere)
        {
            definitions[prefix] = arguments.DeepClone();
        }

        // Calls are objects, whatever the schema leaves open.
        arguments["type"] ??= "object";
        return arguments;
    }

    /// <summary>Points references to where their targets will be; true when one needs the whole schema there.</summary>
    private static bool Move(JsonNode? node, string prefix)
    {
        var pointsElsewhere = false;
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                pointsElsewhere |= Move(item, prefix);
            }
        }

        if (node is not JsonObject members)
        {
            return pointsElsewhere;
        }

        foreach (var (_, value) in members)
        {
            pointsElsewhere |= Move(value, prefix);
        }

        if (members["$ref"] is JsonValue reference && reference.TryGetValue<string>(out var target) &&
            target.StartsWith('#'))
        {
            var moved = Moved(target, prefix);
            pointsElsewhere |= moved is null;
            members["$ref"] = moved ?? $"#/{Definitions}/{prefix}{target[1..]}";
        }

        return pointsElsewhere;
    }

    private static string? Moved(string target, string prefix)
    {
        foreach (var place in (string[])[$"#/{Definitions}/", "#/definitions/"])
        {
            if (target.StartsWith(place, StringComparison.Ordinal))
            {
                return $"#/{Definitions}/{prefix}_{target[place.Length..]}";
            }
        }

        return null;
    }
}
