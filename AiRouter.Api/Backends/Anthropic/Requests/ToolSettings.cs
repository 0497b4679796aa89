using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Dialects.Messages;

namespace AiRouter.Api.Backends.Anthropic.Requests;

/// <summary>Reads <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>.</summary>
internal static class ToolSettings
{
    /// <summary>Adds them to the request.</summary>
    public static void Read(RequestContext context, JsonObject request)
    {
        var tools = ReadTools(context);
        var choice = ReadChoice(context);
        var isParallel = context.Reader.Flag("parallel_tool_calls") ?? true;
        if (tools.Count == 0)
        {
            // Nothing can be called; a choice among nothing is refused there.
            return;
        }

        request["tools"] = tools;
        if (!isParallel && (string?)choice?["type"] != "none")
        {
            choice ??= new JsonObject { ["type"] = "auto" };
            choice["disable_parallel_tool_use"] = true;
        }

        if (choice is not null)
        {
            request["tool_choice"] = choice;
        }
    }

    private static JsonArray ReadTools(RequestContext context)
    {
        var tools = new JsonArray();
        switch (context.Reader.Take("tools"))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.Array } list:
                var index = 0;
                foreach (var item in list.EnumerateArray())
                {
                    if (ReadTool(context, item, $"tools[{index++}]") is { } tool)
                    {
                        tools.Add((JsonNode)tool);
                    }
                }

                break;
            case { } other:
                context.Reader.FailType("tools", "an array", other);
                break;
        }

        return tools;
    }

    private static JsonObject? ReadTool(RequestContext context, JsonElement item, string path)
    {
        if (JsonElements.TextIn(item, "type") is { } type && type != "function")
        {
            context.Unsupported($"{path}.type");
            return null;
        }

        var function = JsonElements.In(item, "function", JsonValueKind.Object);
        path += ".function";
        if (JsonElements.TextIn(function, "name") is not { Length: > 0 } name)
        {
            context.Reader.Fail($"{path}.name", $"Missing required parameter: '{path}.name'.");
            return null;
        }

        var tool = new JsonObject { ["name"] = name };
        if (JsonElements.TextIn(function, "description") is { Length: > 0 } description)
        {
            tool["description"] = description;
        }

        tool["input_schema"] = SchemaOf(function);
        if (function.TryGetProperty("strict", out var strict) && strict.ValueKind == JsonValueKind.True)
        {
            tool["strict"] = true;
        }

        return tool;
    }

    /// <summary>A function without parameters has none; a schema of its input must say that it is an object.</summary>
    private static JsonObject SchemaOf(JsonElement function)
    {
        var parameters = JsonElements.In(function, "parameters", JsonValueKind.Object);
        var schema = parameters.ValueKind == JsonValueKind.Object ? JsonObject.Create(parameters)! : [];
        schema["type"] ??= "object";
        return schema;
    }

    private static JsonObject? ReadChoice(RequestContext context)
    {
        const string Path = "tool_choice";
        if (context.Reader.Take(Path) is not { } choice)
        {
            return null;
        }

        if (choice.ValueKind == JsonValueKind.String)
        {
            switch (choice.GetString())
            {
                case "auto":
                    return new JsonObject { ["type"] = "auto" };
                case "none":
                    return new JsonObject { ["type"] = "none" };
                case "required":
                    return new JsonObject { ["type"] = "any" };
                default:
                    context.Reader.Fail(Path, $"Invalid value for '{Path}': expected one of 'none', 'auto' and 'required'.");
                    return null;
            }
        }

        if (JsonElements.TextIn(choice, "type") == "function" &&
            JsonElements.TextIn(JsonElements.In(choice, "function", JsonValueKind.Object), "name") is { Length: > 0 } name)
        {
            return new JsonObject { ["type"] = "tool", ["name"] = name };
        }

        context.Unsupported(Path);
        return null;
    }
}
