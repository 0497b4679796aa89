using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>
/// Reads <c>tools</c> and <c>tool_choice</c>. Tools with a schema are functions; the others run at Anthropic, or are known to its models
/// only.
/// </summary>
internal static class ToolReader
{
    /// <summary>Adds <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>, where the request has them.</summary>
    public static void Read(MemberReader reader, JsonObject chat)
    {
        switch (reader.Take("tools"))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.Array } list:
                var tools = new JsonArray();
                foreach (var item in list.EnumerateArray())
                {
                    tools.Add((JsonNode?)ReadTool(reader, item, $"tools[{tools.Count}]"));
                }

                if (tools.Count > 0)
                {
                    chat["tools"] = tools;
                }

                break;
            case { } other:
                reader.FailType("tools", "an array", other);
                break;
        }

        ReadChoice(reader, chat);
    }

    private static JsonObject? ReadTool(MemberReader reader, JsonElement tool, string path)
    {
        if (tool.ValueKind != JsonValueKind.Object)
        {
            reader.FailType(path, "an object", tool);
            return null;
        }

        if (tool.TryGetProperty("type", out var given) && reader.TextOf(given, $"{path}.type") is { } type && type != "custom")
        {
            reader.Fail(
                $"{path}.type",
                $"Unsupported tool: '{type}' in '{path}.type' runs on Anthropic's own servers or is known to its models only. " +
                "Send a tool of your own, with an 'input_schema'.",
                ErrorCause.UnsupportedParameter);
            return null;
        }

        if (JsonElements.TextIn(tool, "name") is not { Length: > 0 } name)
        {
            reader.Fail($"{path}.name", $"Missing required parameter: '{path}.name'.");
            return null;
        }

        if (JsonElements.In(tool, "input_schema", JsonValueKind.Object) is not { ValueKind: JsonValueKind.Object } schema)
        {
            reader.Fail($"{path}.input_schema", $"Missing required parameter: '{path}.input_schema'.");
            return null;
        }

        var function = new JsonObject { ["name"] = name };
        if (tool.TryGetProperty("description", out var description) && reader.TextOf(description, $"{path}.description") is { } text)
        {
            function["description"] = text;
        }

        function["parameters"] = JsonElements.ToNode(schema);
        if (tool.TryGetProperty("strict", out var strict) && strict.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            function["strict"] = strict.GetBoolean();
        }

        return new JsonObject { ["type"] = "function", ["function"] = function };
    }

    private static void ReadChoice(MemberReader reader, JsonObject chat)
    {
        if (reader.Take("tool_choice") is not { } choice)
        {
            return;
        }

        if (choice.ValueKind != JsonValueKind.Object)
        {
            reader.FailType("tool_choice", "an object", choice);
            return;
        }

        switch (JsonElements.TextIn(choice, "type"))
        {
            case "auto":
                chat["tool_choice"] = "auto";
                break;
            case "any":
                chat["tool_choice"] = "required";
                break;
            case "none":
                chat["tool_choice"] = "none";
                break;
            case "tool" when JsonElements.TextIn(choice, "name") is { Length: > 0 } name:
                chat["tool_choice"] = new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = name } };
                break;
            case "tool":
                reader.Fail("tool_choice.name", "Missing required parameter: 'tool_choice.name'.");
                break;
            default:
                reader.Fail(
                    "tool_choice.type", "Invalid value for 'tool_choice.type': expected one of 'auto', 'any', 'tool' and 'none'.");
                break;
        }

        if (choice.TryGetProperty("disable_parallel_tool_use", out var disabled) && disabled.ValueKind == JsonValueKind.True)
        {
            chat["parallel_tool_calls"] = false;
        }
    }
}
