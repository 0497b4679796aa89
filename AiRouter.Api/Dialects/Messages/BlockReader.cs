using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>Reads content blocks. Problems are in the reader.</summary>
internal sealed class BlockReader(MemberReader reader)
{
    /// <summary>Stands before what a tool returned as an error: chat has no other sign for it.</summary>
    private const string ErrorMark = "Error: ";

    /// <summary>The blocks of a content that is a list, with type and path.</summary>
    public IEnumerable<(JsonElement Block, string Type, string Path)> Each(JsonElement content, string path)
    {
        if (content.ValueKind != JsonValueKind.Array)
        {
            reader.FailType(path, "a string or a list of content blocks", content);
            yield break;
        }

        var index = 0;
        foreach (var block in content.EnumerateArray())
        {
            var at = $"{path}[{index++}]";
            if (block.ValueKind != JsonValueKind.Object)
            {
                reader.FailType(at, "an object", block);
            }
            else if (JsonElements.TextIn(block, "type") is { } type)
            {
                yield return (block, type, at);
            }
            else
            {
                reader.Fail($"{at}.type", $"Missing required parameter: '{at}.type'.");
            }
        }
    }

    /// <summary>A text, or blocks of texts as one.</summary>
    public string? ReadTexts(JsonElement content, string path)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            return content.GetString();
        }

        var texts = new List<string>();
        foreach (var (block, type, at) in Each(content, path))
        {
            if (type == "text")
            {
                texts.Add(ReadRequired(block, "text", at));
            }
            else
            {
                Refuse(type, at);
            }
        }

        return string.Join("\n\n", texts);
    }

    /// <summary>A block of a user's turn: adds the part of chat that it is.</summary>
    public void ReadPart(JsonElement block, string type, string path, JsonArray parts)
    {
        switch (type)
        {
            case "text":
                AddText(ReadRequired(block, "text", path), parts);
                break;
            case "image":
                AddImage(SourceOf(block, path), $"{path}.source", parts);
                break;
            case "document":
                AddDocument(block, path, parts);
                break;
            default:
                Refuse(type, path);
                break;
        }
    }

    /// <summary>What a tool has returned, as a message of chat; its images are added to <paramref name="parts"/>.</summary>
    public JsonObject ReadResult(JsonElement block, string path, JsonArray parts)
    {
        var texts = new JsonArray();
        if (block.TryGetProperty("content", out var content) && content.ValueKind != JsonValueKind.Null)
        {
            if (content.ValueKind == JsonValueKind.String)
            {
                AddText(content.GetString()!, texts);
            }
            else
            {
                foreach (var (inner, type, at) in Each(content, $"{path}.content"))
                {
                    ReadPart(inner, type, at, type == "image" ? parts : texts);
                }
            }
        }

        if (block.TryGetProperty("is_error", out var isError) && isError.ValueKind == JsonValueKind.True)
        {
            Mark(texts);
        }

        // A document may bring images of its own.
        foreach (var image in texts.Where(static t => (string?)t!["type"] != "text").ToList())
        {
            texts.Remove(image);
            parts.Add(image);
        }

        return new JsonObject
        {
            ["role"] = "tool",
            ["tool_call_id"] = ReadRequired(block, "tool_use_id", path),
            ["content"] = ContentOf(texts),
        };
    }

    /// <summary>A call of a tool, as chat has it.</summary>
    public JsonObject ReadCall(JsonElement block, string path)
    {
        var arguments = "{}";
        if (block.TryGetProperty("input", out var input) && input.ValueKind != JsonValueKind.Null)
        {
            if (input.ValueKind == JsonValueKind.Object)
            {
                arguments = input.GetRawText();
            }
            else
            {
                reader.FailType($"{path}.input", "an object", input);
            }
        }

        return new JsonObject
        {
            ["id"] = ReadRequired(block, "id", path),
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = ReadRequired(block, "name", path), ["arguments"] = arguments },
        };
    }

    /// <summary>A string that must be there.</summary>
    public string ReadRequired(JsonElement block, string name, string path)
    {
        if (block.TryGetProperty(name, out var value) && reader.TextOf(value, $"{path}.{name}") is { } text)
        {
            return text;
        }

        reader.Fail($"{path}.{name}", $"Missing required parameter: '{path}.{name}'.");
        return "";
    }

    /// <summary>Content that chat has no word for.</summary>
    public void Refuse(string type, string path) => reader.Fail(
        $"{path}.type", $"Unsupported content: a block of the type '{type}' in '{path}' cannot be passed to this model.",
        ErrorCause.UnsupportedParameter);

    /// <summary>The parts as a content: a text where they are only one, because not every server takes lists.</summary>
    public static JsonNode ContentOf(JsonArray parts)
    {
        if (parts.Count == 0)
        {
            return "";
        }

        return parts is [JsonObject { Count: 2 } only] && (string?)only["type"] == "text" ? (string)only["text"]! : parts;
    }

    private static void AddText(string text, JsonArray parts) =>
        parts.Add((JsonNode)new JsonObject { ["type"] = "text", ["text"] = text });

    private static void Mark(JsonArray texts)
    {
        if (texts.FirstOrDefault(static t => (string?)t!["type"] == "text") is not JsonObject first)
        {
            AddText(ErrorMark.TrimEnd(' ', ':'), texts);
        }
        else if (!((string)first["text"]!).StartsWith("error", StringComparison.OrdinalIgnoreCase))
        {
            first["text"] = ErrorMark + (string)first["text"]!;
        }
    }

    private JsonElement SourceOf(JsonElement block, string path)
    {
        if (JsonElements.In(block, "source", JsonValueKind.Object) is { ValueKind: JsonValueKind.Object } source)
        {
            return source;
        }

        reader.Fail($"{path}.source", $"Missing required parameter: '{path}.source'.");
        return default;
    }

    private void AddImage(JsonElement source, string path, JsonArray parts)
    {
        if (source.ValueKind == JsonValueKind.Undefined)
        {
            return;
        }

        string url;
        switch (JsonElements.TextIn(source, "type"))
        {
            case "base64":
                url = $"data:{ReadRequired(source, "media_type", path)};base64,{ReadRequired(source, "data", path)}";
                break;
            case "url":
                url = ReadRequired(source, "url", path);
                break;
            default:
                RefuseSource(path, "'base64' and 'url'");
                return;
        }

        parts.Add((JsonNode)new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = url } });
    }

    /// <summary>A document of text is a text, below its title; its pages as files are for Anthropic's models only.</summary>
    private void AddDocument(JsonElement block, string path, JsonArray parts)
    {
        var source = SourceOf(block, path);
        if (source.ValueKind == JsonValueKind.Undefined)
        {
            return;
        }

        foreach (var name in (ReadOnlySpan<string>)["title", "context"])
        {
            if (JsonElements.TextIn(block, name) is { Length: > 0 } text)
            {
                AddText(text, parts);
            }
        }

        path += ".source";
        switch (JsonElements.TextIn(source, "type"))
        {
            case "text":
                AddText(ReadRequired(source, "data", path), parts);
                break;
            case "content" when source.TryGetProperty("content", out var content):
                AddContent(content, $"{path}.content", parts);
                break;
            default:
                RefuseSource(path, "'text' and 'content'");
                break;
        }
    }

    private void AddContent(JsonElement content, string path, JsonArray parts)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            AddText(content.GetString()!, parts);
            return;
        }

        foreach (var (block, type, at) in Each(content, path))
        {
            if (type is "text" or "image")
            {
                ReadPart(block, type, at, parts);
            }
            else
            {
                Refuse(type, at);
            }
        }
    }

    private void RefuseSource(string path, string known) => reader.Fail(
        $"{path}.type", $"Unsupported content: '{path}.type' must be one of {known} for this model.", ErrorCause.UnsupportedParameter);
}
