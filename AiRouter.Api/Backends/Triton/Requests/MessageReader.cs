using System.Text;
using System.Text.Json;
using AiRouter.Prompting.Formats;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>Reads <c>messages</c>: text only, parts put together.</summary>
internal static class MessageReader
{
    /// <summary>The messages; problems are in the reader, with paths such as <c>messages[0].content[1]</c>.</summary>
    public static IReadOnlyList<ChatMessage> Read(MemberReader reader, Translation translation)
    {
        if (reader.Take("messages") is not { ValueKind: JsonValueKind.Array } array)
        {
            reader.Fail("messages", "Missing required parameter: 'messages'.");
            return [];
        }

        var messages = new List<ChatMessage>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
        {
            var path = $"messages[{messages.Count}]";
            if (item.ValueKind != JsonValueKind.Object)
            {
                reader.FailType(path, "an object", item);
                return [];
            }

            var members = new MemberReader(item.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal));
            messages.Add(ReadMessage(reader, members, translation, path));
            if (reader.Error is not null)
            {
                return [];
            }
        }

        if (messages.Count == 0)
        {
            reader.Fail("messages", "Invalid 'messages': it is empty.");
        }

        return messages;
    }

    private static ChatMessage ReadMessage(MemberReader reader, MemberReader members, Translation translation, string path)
    {
        var role = ReadRole(reader, members, $"{path}.role");
        if (members.Take("tool_calls") is { } calls && !IsEmpty(calls))
        {
            SamplingReader.RejectOrDrop(reader, translation, $"{path}.tool_calls");
        }

        if (members.Take("function_call") is not null)
        {
            SamplingReader.RejectOrDrop(reader, translation, $"{path}.function_call");
        }

        if (members.Take("audio") is not null)
        {
            SamplingReader.RejectOrDrop(reader, translation, $"{path}.audio");
        }

        var content = ReadContent(reader, members, translation, path, role);
        var name = ReadText(reader, members.Take("name"), $"{path}.name");
        return new ChatMessage(role, content, string.IsNullOrEmpty(name) ? null : name);
    }

    private static ChatRole ReadRole(MemberReader reader, MemberReader members, string path)
    {
        var role = members.Take("role");
        switch (ReadText(reader, role, path))
        {
            case "system" or "developer":
                return ChatRole.System;
            case "user":
                return ChatRole.User;
            case "assistant":
                return ChatRole.Assistant;
            case "tool" or "function":
                return ChatRole.Tool;
            case null:
                reader.Fail(path, $"Missing required parameter: '{path}'.");
                return default;
            default:
                reader.Fail(
                    path,
                    $"Invalid value for '{path}': expected one of 'system', 'developer', 'user', 'assistant', 'tool' and 'function'.");
                return default;
        }
    }

    private static string ReadContent(
        MemberReader reader, MemberReader members, Translation translation, string path, ChatRole role)
    {
        var refusal = ReadText(reader, members.Take("refusal"), $"{path}.refusal");
        path += ".content";
        switch (members.Take("content"))
        {
            // An assistant that called a tool or refused has said nothing else.
            case null when role == ChatRole.Assistant:
                return refusal ?? "";
            case null:
                reader.Fail(path, $"Missing required parameter: '{path}'.");
                return "";
            case { ValueKind: JsonValueKind.String } text:
                return text.GetString()!;
            case { ValueKind: JsonValueKind.Array } parts:
                return ReadParts(reader, translation, parts, path);
            case { } other:
                reader.FailType(path, "a string or a list of content parts", other);
                return "";
        }
    }

    private static string ReadParts(MemberReader reader, Translation translation, JsonElement parts, string path)
    {
        var text = new StringBuilder();
        var index = 0;
        foreach (var part in parts.EnumerateArray())
        {
            text.Append(ReadPart(reader, translation, part, $"{path}[{index++}]"));
            if (reader.Error is not null)
            {
                return "";
            }
        }

        if (index == 0)
        {
            reader.Fail(path, $"Invalid '{path}': it is empty.");
        }

        return text.ToString();
    }

    private static string? ReadPart(MemberReader reader, Translation translation, JsonElement part, string path)
    {
        if (part.ValueKind != JsonValueKind.Object)
        {
            reader.FailType(path, "an object", part);
            return null;
        }

        var type = part.TryGetProperty("type", out var given) ? ReadText(reader, given, $"{path}.type") : null;
        switch (type)
        {
            case "text" or "refusal":
                var text = part.TryGetProperty(type, out var value) ? ReadText(reader, value, $"{path}.{type}") : null;
                if (text is null)
                {
                    reader.Fail($"{path}.{type}", $"Missing required parameter: '{path}.{type}'.");
                }

                return text;
            case "image_url" or "input_audio" or "file":
                SamplingReader.RejectOrDrop(reader, translation, path);
                return null;
            case null:
                reader.Fail($"{path}.type", $"Missing required parameter: '{path}.type'.");
                return null;
            default:
                reader.Fail($"{path}.type", $"Invalid value for '{path}.type': there is no such kind of content.");
                return null;
        }
    }

    private static string? ReadText(MemberReader reader, JsonElement? value, string path)
    {
        switch (value)
        {
            case null or { ValueKind: JsonValueKind.Null }:
                return null;
            case { ValueKind: JsonValueKind.String } text:
                return text.GetString();
            case { } other:
                reader.FailType(path, "a string", other);
                return null;
        }
    }

    private static bool IsEmpty(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0;
}
