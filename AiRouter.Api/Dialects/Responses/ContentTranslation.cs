using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>What an item says, as a chat message says it.</summary>
internal sealed class ContentTranslation(MemberReader reader)
{
    /// <summary>
    /// The content of a user's, a system's or a tool's message: a text, or parts where there are several or not all are text
    /// (many open servers take no lists).
    /// </summary>
    public JsonNode? Read(JsonElement? content, string path)
    {
        switch (content)
        {
            case null:
                reader.Fail(path, $"Missing required parameter: '{path}'.");
                return null;
            case { ValueKind: JsonValueKind.String } text:
                return text.Text();
            case { ValueKind: JsonValueKind.Array } list:
                return ReadParts(list, path);
            case { } other:
                reader.FailType(path, "a string or an array of content parts", other);
                return null;
        }
    }

    /// <summary>The content of an assistant's message: its text and its refusal are one text each.</summary>
    public void ReadAssistant(JsonElement? content, string path, AssistantDraft message)
    {
        if (content is not { ValueKind: JsonValueKind.Array } list)
        {
            message.Content = reader.TextOf(content, path) ?? "";
            return;
        }

        var text = (StringBuilder?)null;
        var refusal = (StringBuilder?)null;
        foreach (var (index, part) in list.EnumerateArray().Index())
        {
            var at = $"{path}[{index}]";
            switch (TypeOf(part, at))
            {
                case { } type when IsText(type):
                    (text ??= new StringBuilder()).Append(TextOf(part, "text", at));
                    break;
                case "refusal":
                    (refusal ??= new StringBuilder()).Append(TextOf(part, "refusal", at));
                    break;
                default:
                    reader.Fail($"{at}.type", $"Invalid value for '{at}.type': expected one of 'output_text' and 'refusal'.");
                    return;
            }
        }

        message.Refusal = refusal?.ToString();
        message.Content = text?.ToString() ?? (refusal is null ? "" : null);
    }

    private JsonNode? ReadParts(JsonElement list, string path)
    {
        var length = list.GetArrayLength();
        if (length == 0)
        {
            reader.Fail(path, $"Invalid '{path}': it is empty.");
            return null;
        }

        if (length == 1 && list[0].TextMember("type") is { } type && IsText(type))
        {
            return TextOf(list[0], "text", $"{path}[0]");
        }

        var parts = new JsonArray();
        foreach (var (index, part) in list.EnumerateArray().Index())
        {
            parts.Add((JsonNode?)ReadPart(part, $"{path}[{index}]"));
            if (reader.Error is not null)
            {
                return null;
            }
        }

        return parts;
    }

    private JsonObject? ReadPart(JsonElement part, string path)
    {
        switch (TypeOf(part, path))
        {
            case { } type when IsText(type):
                return new JsonObject { ["type"] = "text", ["text"] = TextOf(part, "text", path) };
            case "input_image":
                return ReadImage(part, path);
            case "input_file":
                return ReadFile(part, path);
            case "input_audio":
                // Both APIs have it in the same form.
                return JsonObject.Create(part);
            default:
                reader.Fail(
                    $"{path}.type",
                    $"Invalid value for '{path}.type': expected one of 'input_text', 'input_image', 'input_file' and 'input_audio'.");
                return null;
        }
    }

    private JsonObject? ReadImage(JsonElement part, string path)
    {
        if (reader.TextOf(part.Member("image_url"), $"{path}.image_url") is not { Length: > 0 } url)
        {
            RefuseFile(part, path, "file_id", "image_url");
            return null;
        }

        var image = new JsonObject { ["url"] = url };
        switch (reader.TextOf(part.Member("detail"), $"{path}.detail"))
        {
            case null or "auto":
                break;
            case "original":
                // The most that chat can ask for.
                image["detail"] = "high";
                break;
            case { } detail:
                image["detail"] = detail;
                break;
        }

        return new JsonObject { ["type"] = "image_url", ["image_url"] = image };
    }

    private JsonObject? ReadFile(JsonElement part, string path)
    {
        var file = new JsonObject();
        foreach (var name in (string[])["filename", "file_data", "file_id"])
        {
            if (reader.TextOf(part.Member(name), $"{path}.{name}") is { Length: > 0 } text)
            {
                file[name] = text;
            }
        }

        if (!file.ContainsKey("file_data") && !file.ContainsKey("file_id"))
        {
            RefuseFile(part, path, "file_url", "file_data");
            return null;
        }

        return new JsonObject { ["type"] = "file", ["file"] = file };
    }

    /// <summary>It is not there in the form that is needed.</summary>
    private void RefuseFile(JsonElement part, string path, string other, string needed)
    {
        if (part.Member(other) is not null)
        {
            reader.Fail(
                $"{path}.{other}",
                $"Unsupported parameter: '{path}.{other}' is not supported with this model: send '{needed}'.",
                ErrorCause.UnsupportedParameter);
        }
        else
        {
            reader.Fail($"{path}.{needed}", $"Missing required parameter: '{path}.{needed}'.");
        }
    }

    private static bool IsText(string type) => type is "input_text" or "output_text" or "text";

    private string? TypeOf(JsonElement part, string path)
    {
        if (part.ValueKind == JsonValueKind.Object)
        {
            return reader.TextOf(part.Member("type"), $"{path}.type");
        }

        reader.FailType(path, "an object", part);
        return null;
    }

    private string TextOf(JsonElement part, string name, string path)
    {
        var text = reader.TextOf(part.Member(name), $"{path}.{name}");
        if (text is null)
        {
            reader.Fail($"{path}.{name}", $"Missing required parameter: '{path}.{name}'.");
        }

        return text ?? "";
    }
}
