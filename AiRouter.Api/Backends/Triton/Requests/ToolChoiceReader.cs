using System.Text.Json;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>Reads <c>tool_choice</c> and <c>function_call</c>: whether the model may or must call, and what.</summary>
internal static class ToolChoiceReader
{
    /// <summary>The request with the choice in it; <see cref="ToolRequest.None"/> when nothing may be called.</summary>
    public static ToolRequest Apply(
        MemberReader reader, Translation translation, JsonElement? choice, ToolRequest request)
    {
        switch (choice)
        {
            case null:
                return request;
            case { ValueKind: JsonValueKind.String } word:
                return ApplyWord(reader, word.GetString()!, request);
            case { ValueKind: JsonValueKind.Object } form when request.IsLegacy:
                return ApplyName(reader, FunctionReader.ReadName(reader, form, request.ChoiceParameter), request);
            case { ValueKind: JsonValueKind.Object } form:
                return ApplyForm(reader, translation, form, request);
            case { } other:
                reader.FailType(request.ChoiceParameter, "a string or an object", other);
                return request;
        }
    }

    private static ToolRequest ApplyWord(MemberReader reader, string word, ToolRequest request)
    {
        switch (word)
        {
            case "none":
                return ToolRequest.None;
            case "auto":
                return request;
            case "required" when !request.IsLegacy:
                return Require(reader, request, null);
            default:
                var words = request.IsLegacy ? "'none' and 'auto'" : "'none', 'auto' and 'required'";
                reader.Fail(
                    request.ChoiceParameter, $"Invalid value for '{request.ChoiceParameter}': expected one of {words}.");
                return request;
        }
    }

    private static ToolRequest ApplyForm(
        MemberReader reader, Translation translation, JsonElement form, ToolRequest request)
    {
        switch (MemberReader.TextIn(form, "type"))
        {
            case null:
                reader.Fail("tool_choice.type", "Missing required parameter: 'tool_choice.type'.");
                return request;
            case "function":
                return form.TryGetProperty("function", out var function)
                    ? ApplyName(reader, FunctionReader.ReadName(reader, function, "tool_choice.function"), request)
                    : Missing(reader, "tool_choice.function", request);
            case "allowed_tools":
                return form.TryGetProperty("allowed_tools", out var allowed) &&
                    allowed.ValueKind == JsonValueKind.Object
                    ? ApplyAllowed(reader, allowed, request)
                    : Missing(reader, "tool_choice.allowed_tools", request);
            default:
                SamplingReader.RejectOrDrop(reader, translation, "tool_choice");
                return request;
        }
    }

    private static ToolRequest ApplyName(MemberReader reader, string? name, ToolRequest request)
    {
        if (name is null)
        {
            return request;
        }

        if (request.IsAny && request.Functions.All(f => f.Name != name))
        {
            reader.Fail(
                request.ChoiceParameter,
                $"Invalid value for '{request.ChoiceParameter}': there is no function '{name}' in " +
                $"'{request.Parameter}'.");
            return request;
        }

        return Require(reader, request, name);
    }

    /// <summary>Only some of the tools (<c>mode</c> auto), or one of them (<c>mode</c> required).</summary>
    private static ToolRequest ApplyAllowed(MemberReader reader, JsonElement allowed, ToolRequest request)
    {
        const string Path = "tool_choice.allowed_tools";
        var mode = MemberReader.TextIn(allowed, "mode");
        if (mode is not ("auto" or "required"))
        {
            reader.Fail($"{Path}.mode", $"Invalid value for '{Path}.mode': expected one of 'auto' and 'required'.");
            return request;
        }

        if (!allowed.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array ||
            tools.GetArrayLength() == 0)
        {
            return Missing(reader, $"{Path}.tools", request);
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tool in tools.EnumerateArray())
        {
            var path = $"{Path}.tools[{names.Count}].function";
            if (tool.ValueKind != JsonValueKind.Object || !tool.TryGetProperty("function", out var function))
            {
                return Missing(reader, path, request);
            }

            if (FunctionReader.ReadName(reader, function, path) is not { } name)
            {
                return request;
            }

            if (request.Functions.All(f => f.Name != name))
            {
                reader.Fail(path, $"Invalid '{path}': there is no function '{name}' in 'tools'.");
                return request;
            }

            names.Add(name);
        }

        request = request with { Functions = [.. request.Functions.Where(f => names.Contains(f.Name))] };
        return mode == "required" ? Require(reader, request, null) : request;
    }

    private static ToolRequest Require(MemberReader reader, ToolRequest request, string? name)
    {
        if (!request.IsAny)
        {
            reader.Fail(
                request.ChoiceParameter,
                $"Invalid '{request.ChoiceParameter}': there is nothing to call, send '{request.Parameter}' too.");
        }

        return request with { IsRequired = true, Named = name };
    }

    private static ToolRequest Missing(MemberReader reader, string path, ToolRequest request)
    {
        reader.Fail(path, $"Missing required parameter: '{path}'.");
        return request;
    }
}
