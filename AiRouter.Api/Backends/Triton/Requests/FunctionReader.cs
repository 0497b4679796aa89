using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>Reads the functions of a request, one by one.</summary>
internal static partial class FunctionReader
{
    /// <summary>The functions among <c>tools</c>. Tools of other types are refused or left out (R11).</summary>
    public static List<ShownTool> ReadTools(MemberReader reader, Translation translation, JsonElement? tools)
    {
        var read = new List<ShownTool>();
        var index = 0;
        foreach (var tool in tools is { } list ? list.EnumerateArray() : default)
        {
            var path = $"tools[{index++}]";
            if (ReadTool(reader, translation, tool, path) is { } function)
            {
                read.Add(new ShownTool(function, tool));
            }

            if (reader.Error is not null)
            {
                break;
            }
        }

        return read;
    }

    /// <summary>The functions of <c>functions</c>.</summary>
    public static List<ShownTool> ReadFunctions(MemberReader reader, JsonElement functions)
    {
        var read = new List<ShownTool>();
        foreach (var function in functions.EnumerateArray())
        {
            if (ReadFunction(reader, function, $"functions[{read.Count}]") is not { } known)
            {
                break;
            }

            read.Add(new ShownTool(known, function));
        }

        return read;
    }

    /// <summary>The name in an object such as <c>{"name": "f"}</c>; null and an error when there is none.</summary>
    public static string? ReadName(MemberReader reader, JsonElement owner, string path)
    {
        if (owner.ValueKind != JsonValueKind.Object)
        {
            reader.FailType(path, "an object", owner);
            return null;
        }

        path += ".name";
        if (!owner.TryGetProperty("name", out var name) || name.ValueKind == JsonValueKind.Null)
        {
            reader.Fail(path, $"Missing required parameter: '{path}'.");
            return null;
        }

        if (name.ValueKind != JsonValueKind.String)
        {
            reader.FailType(path, "a string", name);
            return null;
        }

        var text = name.GetString()!;
        if (!Name().IsMatch(text))
        {
            reader.Fail(path, $"Invalid '{path}': expected 1 to 64 letters, digits, underscores and dashes.");
            return null;
        }

        return text;
    }

    private static ToolFunction? ReadTool(MemberReader reader, Translation translation, JsonElement tool, string path)
    {
        if (tool.ValueKind != JsonValueKind.Object)
        {
            reader.FailType(path, "an object", tool);
            return null;
        }

        if (!tool.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
        {
            reader.Fail($"{path}.type", $"Missing required parameter: '{path}.type'.");
            return null;
        }

        if (!type.ValueEquals("function"))
        {
            SamplingReader.RejectOrDrop(reader, translation, $"{path}.type");
            return null;
        }

        path += ".function";
        if (!tool.TryGetProperty("function", out var function))
        {
            reader.Fail(path, $"Missing required parameter: '{path}'.");
            return null;
        }

        return ReadFunction(reader, function, path);
    }

    private static ToolFunction? ReadFunction(MemberReader reader, JsonElement function, string path)
    {
        if (ReadName(reader, function, path) is not { } name)
        {
            return null;
        }

        if (function.TryGetProperty("description", out var description) &&
            description.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
        {
            reader.FailType($"{path}.description", "a string", description);
            return null;
        }

        if (!function.TryGetProperty("parameters", out var parameters) || parameters.ValueKind == JsonValueKind.Null)
        {
            return new ToolFunction(name, null);
        }

        if (parameters.ValueKind != JsonValueKind.Object)
        {
            reader.Fail(
                $"{path}.parameters",
                $"Invalid schema for function '{name}': expected a JSON schema, which is an object.",
                code: "invalid_function_parameters");
            return null;
        }

        return new ToolFunction(name, parameters);
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}\\z")]
    private static partial Regex Name();
}

/// <summary>A function, and the JSON that it was read from.</summary>
internal sealed record ShownTool(ToolFunction Function, JsonElement Json);
