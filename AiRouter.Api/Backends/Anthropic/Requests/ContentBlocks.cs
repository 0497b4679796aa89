using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Dialects.Messages;

namespace AiRouter.Api.Backends.Anthropic.Requests;

/// <summary>Reads the content of chat's messages into blocks. Texts of white space only are left out: Anthropic refuses them.</summary>
internal sealed class ContentBlocks(RequestContext context)
{
    /// <summary>A text or a list of parts, of any type that there are blocks for.</summary>
    public void Read(JsonElement? content, string path, JsonArray blocks) => Read(content, path, blocks, textsOnly: false);

    /// <summary>A text or a list of texts.</summary>
    public void ReadTexts(JsonElement? content, string path, JsonArray blocks) => Read(content, path, blocks, textsOnly: true);

    /// <summary>Adds a text.</summary>
    public static void AddText(string text, JsonArray blocks)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            blocks.Add((JsonNode)new JsonObject { ["type"] = "text", ["text"] = text });
        }
    }

    /// <summary>Blocks as a content: one text alone is a string, which every server takes.</summary>
    public static JsonNode Shortest(JsonArray blocks) =>
        blocks is [JsonObject only] && (string?)only["type"] == "text" ? (string)only["text"]! : blocks;

    private void Read(JsonElement? content, string path, JsonArray blocks, bool textsOnly)
    {
        switch (content)
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.String } text:
                AddText(text.GetString()!, blocks);
                break;
            case { ValueKind: JsonValueKind.Array } list:
                var index = 0;
                foreach (var part in list.EnumerateArray())
                {
                    ReadPart(part, $"{path}[{index++}]", blocks, textsOnly);
                }

                break;
            case { } other:
                context.Reader.FailType(path, "a string or a list of content parts", other);
                break;
        }
    }

    private void ReadPart(JsonElement part, string path, JsonArray blocks, bool textsOnly)
    {
        switch (JsonElements.TextIn(part, "type"))
        {
            case ("text" or "refusal") and var type:
                if (JsonElements.TextIn(part, type) is { } text)
                {
                    AddText(text, blocks);
                }
                else
                {
                    context.Reader.Fail($"{path}.{type}", $"Missing required parameter: '{path}.{type}'.");
                }

                break;
            case "image_url" when !textsOnly:
                ReadImage(part, $"{path}.image_url", blocks);
                break;
            case "file" when !textsOnly:
                ReadFile(JsonElements.In(part, "file", JsonValueKind.Object), $"{path}.file", blocks);
                break;
            case null:
                context.Reader.Fail($"{path}.type", $"Missing required parameter: '{path}.type'.");
                break;
            case var other:
                context.Refuse($"{path}.type", $"content of the type '{other}' cannot be passed to it");
                break;
        }
    }

    private void ReadImage(JsonElement part, string path, JsonArray blocks)
    {
        // The API says: an object. Some clients send the URL itself; what they mean is plain.
        var url = JsonElements.TextIn(part, "image_url") ??
            JsonElements.TextIn(JsonElements.In(part, "image_url", JsonValueKind.Object), "url");
        if (url is null)
        {
            context.Reader.Fail($"{path}.url", $"Missing required parameter: '{path}.url'.");
        }
        else if (DataOf(url) is { } source)
        {
            blocks.Add((JsonNode)new JsonObject { ["type"] = "image", ["source"] = source });
        }
        else if (url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ||
            url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            blocks.Add((JsonNode)new JsonObject
            {
                ["type"] = "image",
                ["source"] = new JsonObject { ["type"] = "url", ["url"] = url },
            });
        }
        else
        {
            context.Reader.Fail(
                $"{path}.url", $"Invalid '{path}.url': expected an http or https URL, or an image in base64 (data:image/png;base64,…).");
        }
    }

    private void ReadFile(JsonElement file, string path, JsonArray blocks)
    {
        if (JsonElements.TextIn(file, "file_data") is { } url && DataOf(url) is { } source)
        {
            var block = new JsonObject { ["type"] = "document", ["source"] = source };
            if (JsonElements.TextIn(file, "filename") is { Length: > 0 } name)
            {
                block["title"] = name;
            }

            blocks.Add((JsonNode)block);
        }
        else
        {
            context.Refuse(path, "send the file itself, as file_data in base64");
        }
    }

    /// <summary>The source of a block, from a <c>data:</c> URL in base64; null: it is none.</summary>
    private static JsonObject? DataOf(string url)
    {
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ||
            !url.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return new JsonObject
        {
            ["type"] = "base64",
            ["media_type"] = url[5..(comma - 7)].Split(';')[0],
            ["data"] = url[(comma + 1)..],
        };
    }
}
