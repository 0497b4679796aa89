using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>
/// <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>: chat has what a tool is in an object of its own, and no tools
/// that the server runs itself.
/// </summary>
internal sealed class ToolTranslation(MemberReader reader, JsonObject chat)
{
    /// <summary>Writes the chat request's members.</summary>
    public void Translate()
    {
        var tools = ReadTools();
        var choice = reader.Take("tool_choice");
        var isParallel = reader.Flag("parallel_tool_calls") ?? true;
        if (tools.Count == 0)
        {
            // Chat servers refuse both without tools, and many clients send their defaults with every request.
            RefuseChoiceOfNothing(choice);
            return;
        }

        chat["tools"] = tools;
        if (choice is { } asked && !asked.IsEmpty() && ReadChoice(asked) is { } read)
        {
            chat["tool_choice"] = read;
        }

        if (!isParallel)
        {
            chat["parallel_tool_calls"] = false;
        }
    }

    private JsonArray ReadTools()
    {
        var tools = new JsonArray();
        switch (reader.Take("tools"))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.Array } list:
                foreach (var (index, tool) in list.EnumerateArray().Index())
                {
                    if (ReadTool(tool, $"tools[{index}]") is { } read)
                    {
                        tools.Add((JsonNode)read);
                    }
                }

                break;
            case { } other:
                reader.FailType("tools", "an array", other);
                break;
        }

        return tools;
    }

    private JsonObject? ReadTool(JsonElement tool, string path)
    {
        if (tool.ValueKind != JsonValueKind.Object)
        {
            reader.FailType(path, "an object", tool);
            return null;
        }

        switch (reader.TextOf(tool.Member("type"), $"{path}.type"))
        {
            // As chat has it already: some clients mix the two up, and what they mean is plain.
            case "function" when tool.ObjectMember("function") is not null && tool.Member("name") is null:
                return JsonObject.Create(tool);
            case "function":
                return Nested("function", tool, path, ["description", "parameters", "strict"]);
            case "custom":
                var custom = Nested("custom", tool, path, ["description"]);
                if (custom is not null && tool.Member("format") is { } format)
                {
                    custom["custom"]!["format"] = ReadFormat(format, $"{path}.format");
                }

                return custom;
            case null:
                reader.Fail($"{path}.type", $"Missing required parameter: '{path}.type'.");
                return null;
            case { } builtIn:
                RefuseBuiltIn(builtIn, path);
                return null;
        }
    }

    private JsonObject? Nested(string kind, JsonElement tool, string path, ReadOnlySpan<string> members)
    {
        if (FunctionReader.ReadName(reader, tool, path) is not { } name)
        {
            return null;
        }

        var inner = new JsonObject { ["name"] = name };
        foreach (var member in members)
        {
            if (tool.Member(member) is { } value)
            {
                inner[member] = value.ToNode();
            }
        }

        return new JsonObject { ["type"] = kind, [kind] = inner };
    }

    private JsonNode? ReadFormat(JsonElement format, string path)
    {
        if (format.ValueKind != JsonValueKind.Object)
        {
            reader.FailType(path, "an object", format);
            return null;
        }

        if (format.TextMember("type") != "grammar")
        {
            return format.ToNode();
        }

        var grammar = new JsonObject
        {
            ["definition"] = format.Member("definition")?.ToNode(),
            ["syntax"] = format.Member("syntax")?.ToNode(),
        };
        return new JsonObject { ["type"] = "grammar", ["grammar"] = grammar };
    }

    private JsonNode? ReadChoice(JsonElement choice)
    {
        const string Path = "tool_choice";
        switch (choice.ValueKind)
        {
            case JsonValueKind.String when choice.Text() is "none" or "auto" or "required":
                return choice.ToNode();
            case JsonValueKind.String:
                reader.Fail(Path, $"Invalid value for '{Path}': expected one of 'none', 'auto' and 'required', or an object.");
                return null;
            case not JsonValueKind.Object:
                reader.FailType(Path, "a string or an object", choice);
                return null;
        }

        switch (reader.TextOf(choice.Member("type"), $"{Path}.type"))
        {
            case ("function" or "custom") and var kind:
                return ReadNamed(choice, kind, Path);
            case "allowed_tools":
                return ReadAllowed(choice, Path);
            case null:
                reader.Fail($"{Path}.type", $"Missing required parameter: '{Path}.type'.");
                return null;
            case { } builtIn:
                RefuseBuiltIn(builtIn, Path);
                return null;
        }
    }

    private JsonObject? ReadNamed(JsonElement choice, string kind, string path)
    {
        if (choice.ObjectMember(kind) is not null && choice.Member("name") is null)
        {
            return JsonObject.Create(choice);
        }

        return FunctionReader.ReadName(reader, choice, path) is { } name
            ? new JsonObject { ["type"] = kind, [kind] = new JsonObject { ["name"] = name } }
            : null;
    }

    private JsonObject? ReadAllowed(JsonElement choice, string path)
    {
        if (choice.Member("tools") is not { ValueKind: JsonValueKind.Array } tools)
        {
            reader.Fail($"{path}.tools", $"Missing required parameter: '{path}.tools'.");
            return null;
        }

        var allowed = new JsonArray();
        foreach (var (index, tool) in tools.EnumerateArray().Index())
        {
            var at = $"{path}.tools[{index}]";
            if (tool.ValueKind != JsonValueKind.Object)
            {
                reader.FailType(at, "an object", tool);
            }
            else if (reader.TextOf(tool.Member("type"), $"{at}.type") is not (("function" or "custom") and var kind))
            {
                RefuseBuiltIn(tool.TextMember("type") ?? "", at);
            }
            else if (ReadNamed(tool, kind, at) is { } named)
            {
                allowed.Add((JsonNode)named);
            }
        }

        var inner = new JsonObject { ["mode"] = choice.Member("mode")?.ToNode() ?? "auto", ["tools"] = allowed };
        return new JsonObject { ["type"] = "allowed_tools", ["allowed_tools"] = inner };
    }

    private void RefuseChoiceOfNothing(JsonElement? choice)
    {
        if (choice is { } asked && !asked.IsEmpty() && !(asked.ValueKind == JsonValueKind.String && asked.Text() is "none" or "auto"))
        {
            reader.Fail("tool_choice", "Invalid 'tool_choice': there are no 'tools' to choose from.");
        }
    }

    private void RefuseBuiltIn(string type, string path) => reader.Fail(
        path,
        $"The tool '{type}' at '{path}' is not available with this model: it takes tools of the types 'function' and 'custom'.",
        ErrorCause.UnsupportedOperation);
}
