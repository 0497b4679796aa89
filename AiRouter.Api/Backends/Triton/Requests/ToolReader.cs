using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Core.Json;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>
/// Reads <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>, and their older forms <c>functions</c> and
/// <c>function_call</c> (<c>openai-api.md</c> §2.1). Problems are in the reader, with paths such as
/// <c>tools[0].function.name</c>.
/// </summary>
internal static class ToolReader
{
    private const int MostTools = 128;

    /// <summary>The tools that may be called.</summary>
    public static ToolRequest Read(MemberReader reader, Translation translation)
    {
        var tools = TakeList(reader, "tools");
        var functions = TakeList(reader, "functions");
        var isParallel = reader.Flag("parallel_tool_calls") ?? true;
        if (tools is not null && functions is not null)
        {
            reader.Fail("functions", "Invalid 'functions': send either 'tools' or 'functions', not both.");
        }

        var isLegacy = functions is not null;
        var choiceName = isLegacy ? "function_call" : "tool_choice";
        var choice = reader.Take(choiceName);
        var read = isLegacy
            ? FunctionReader.ReadFunctions(reader, functions!.Value)
            : FunctionReader.ReadTools(reader, translation, tools);
        if (reader.Error is not null)
        {
            return ToolRequest.None;
        }

        var request = new ToolRequest
        {
            Functions = [.. read.Select(t => t.Function)],
            IsParallel = isParallel && !isLegacy,
            IsLegacy = isLegacy,
        };
        request = ToolChoiceReader.Apply(reader, translation, choice, request);
        return reader.Error is null && request.IsAny
            ? request with { Shown = Show(read, tools, request) }
            : ToolRequest.None;
    }

    /// <summary>The array as it came where that is possible: templates print it, and models know its usual order.</summary>
    private static JsonElement Show(List<ShownTool> read, JsonElement? tools, ToolRequest request)
    {
        if (tools is { } all && all.GetArrayLength() == request.Functions.Count)
        {
            return all;
        }

        var shown = new JsonArray();
        foreach (var tool in read.Where(t => request.Functions.Contains(t.Function)))
        {
            var node = JsonNode.Parse(tool.Json.GetRawText());
            shown.Add(request.IsLegacy ? new JsonObject { ["type"] = "function", ["function"] = node } : node);
        }

        return JsonBytes.ElementOf(shown);
    }

    /// <summary>A list with something in it; an empty one counts as absent (R11).</summary>
    private static JsonElement? TakeList(MemberReader reader, string name)
    {
        if (reader.Take(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            reader.FailType(name, "an array", value);
            return null;
        }

        if (value.GetArrayLength() > MostTools)
        {
            reader.Fail(name, $"Invalid '{name}': at most {MostTools} are taken.");
            return null;
        }

        return value.GetArrayLength() == 0 ? null : value;
    }
}
