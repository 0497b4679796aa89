using System.Text.Json;
using AiRouter.Prompting.Formats;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>Reads what a message says: a text, or parts of several kinds.</summary>
internal sealed class ContentReader(MemberReader reader, Translation translation, bool takesImages)
{
    private readonly List<ReadOnlyMemory<byte>> _images = [];

    /// <summary>The images read so far.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Images => _images;

    /// <summary>The message with its content, and nothing else yet.</summary>
    public ChatMessage Read(MemberReader members, ChatRole role, string path)
    {
        var refusal = reader.TextOf(members.Take("refusal"), $"{path}.refusal");
        path += ".content";
        switch (members.Take("content"))
        {
            // An assistant that called a tool or refused has said nothing else.
            case null when role == ChatRole.Assistant:
                return new ChatMessage(role, refusal ?? "") { HasNoContent = refusal is null };
            case null:
                reader.Fail(path, $"Missing required parameter: '{path}'.");
                break;
            case { ValueKind: JsonValueKind.String } text:
                return new ChatMessage(role, text.GetString()!);
            case { ValueKind: JsonValueKind.Array } list:
                var parts = ReadParts(list, path);
                return new ChatMessage(role, string.Concat(parts.Select(p => p.Text))) { Parts = parts };
            case { } other:
                reader.FailType(path, "a string or a list of content parts", other);
                break;
        }

        return new ChatMessage(role, "");
    }

    private List<ContentPart> ReadParts(JsonElement list, string path)
    {
        var parts = new List<ContentPart>(list.GetArrayLength());
        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (ReadPart(item, $"{path}[{index++}]") is { } part)
            {
                parts.Add(part);
            }

            if (reader.Error is not null)
            {
                return [];
            }
        }

        if (index == 0)
        {
            reader.Fail(path, $"Invalid '{path}': it is empty.");
        }

        return parts;
    }

    private ContentPart? ReadPart(JsonElement part, string path)
    {
        if (part.ValueKind != JsonValueKind.Object)
        {
            reader.FailType(path, "an object", part);
            return null;
        }

        var type = part.TryGetProperty("type", out var given) ? reader.TextOf(given, $"{path}.type") : null;
        switch (type)
        {
            case "text" or "refusal":
                var text = part.TryGetProperty(type, out var value) ? reader.TextOf(value, $"{path}.{type}") : null;
                if (text is null)
                {
                    reader.Fail($"{path}.{type}", $"Missing required parameter: '{path}.{type}'.");
                }

                return new ContentPart(ContentKind.Text, text ?? "");
            case "image_url" when takesImages:
                return ReadImage(part, $"{path}.image_url");
            case "image_url" or "input_audio" or "file":
                SamplingReader.Reject(
                    reader,
                    translation,
                    path,
                    type == "image_url"
                        ? "the model takes no images, or its prompt format has no place for them"
                        : $"content of the type '{type}' cannot be passed to it");
                return null;
            case null:
                reader.Fail($"{path}.type", $"Missing required parameter: '{path}.type'.");
                return null;
            default:
                reader.Fail(
                    $"{path}.type",
                    $"Invalid value for '{path}.type': expected one of 'text', 'image_url', 'input_audio' and 'file'.");
                return null;
        }
    }

    private ContentPart? ReadImage(JsonElement part, string path)
    {
        // Before it is decoded: what is too much must cost nothing.
        var most = translation.Serving.MaxImages;
        if (_images.Count >= most)
        {
            reader.Fail(
                "messages",
                $"Invalid 'messages': the model '{translation.Exchange.PublicName}' takes at most " +
                $"{most} image{(most == 1 ? "" : "s")} in a request.");
            return null;
        }

        // The API says: an object with the URL. Some clients send the URL alone.
        if (part.TryGetProperty("image_url", out var image) && image.ValueKind == JsonValueKind.Object)
        {
            path += ".url";
            image = image.TryGetProperty("url", out var url) ? url : default;
        }

        if (image.ValueKind == JsonValueKind.Undefined || reader.TextOf(image, path) is not { } text)
        {
            reader.Fail(path, $"Missing required parameter: '{path}'.");
            return null;
        }

        if (DataUrl.ReadImage(text, out var problem) is not { } bytes)
        {
            reader.Fail(path, $"Invalid '{path}': {problem}");
            return null;
        }

        _images.Add(bytes);
        return new ContentPart(ContentKind.Image, "");
    }
}
