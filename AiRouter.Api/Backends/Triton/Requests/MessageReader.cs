using System.Text.Json;
using AiRouter.Prompting.Formats;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>The messages of a request, and the images in them.</summary>
/// <param name="Messages">In order.</param>
/// <param name="Images">The images' files, in the order of their places in the messages.</param>
internal sealed record RequestMessages(IReadOnlyList<ChatMessage> Messages, IReadOnlyList<ReadOnlyMemory<byte>> Images);

/// <summary>Reads <c>messages</c> (<c>openai-api.md</c> §2.1): problems are in the reader, with paths such as
/// <c>messages[0].content[1]</c>.</summary>
internal sealed class MessageReader
{
    private readonly MemberReader _reader;
    private readonly ContentReader _content;

    private MessageReader(MemberReader reader, Translation translation, bool takesImages)
    {
        _reader = reader;
        _content = new ContentReader(reader, translation, takesImages);
    }

    /// <summary>The messages.</summary>
    /// <param name="reader">The request.</param>
    /// <param name="translation">What becomes of content that the model cannot take.</param>
    /// <param name="takesImages">Whether the model has an input for images and the prompt format a place for them.</param>
    public static RequestMessages Read(MemberReader reader, Translation translation, bool takesImages) =>
        new MessageReader(reader, translation, takesImages).Read(translation);

    private RequestMessages Read(Translation translation)
    {
        if (_reader.Take("messages") is not { ValueKind: JsonValueKind.Array } array)
        {
            _reader.Fail("messages", "Missing required parameter: 'messages'.");
            return new RequestMessages([], []);
        }

        var messages = new List<ChatMessage>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
        {
            var path = $"messages[{messages.Count}]";
            if (item.ValueKind != JsonValueKind.Object)
            {
                _reader.FailType(path, "an object", item);
            }
            else
            {
                messages.Add(ReadMessage(MembersOf(item), translation, path));
            }

            if (_reader.Error is not null)
            {
                return new RequestMessages([], []);
            }
        }

        if (messages.Count == 0)
        {
            _reader.Fail("messages", "Invalid 'messages': it is empty.");
        }

        return new RequestMessages(messages, _content.Images);
    }

    private ChatMessage ReadMessage(MemberReader members, Translation translation, string path)
    {
        var sent = ReadRole(members, $"{path}.role");
        var role = RoleOf(sent);
        var calls = ReadCalls(members, role, path);
        if (members.Take("audio") is not null)
        {
            SamplingReader.RejectOrDrop(_reader, translation, $"{path}.audio");
        }

        var message = _content.Read(members, role, path) with
        {
            SentRole = sent,
            ToolCalls = calls,
            ToolCallId = Text(members, "tool_call_id", path),
            Reasoning = Text(members, "reasoning_content", path) ?? Text(members, "reasoning", path),
        };
        return message with { Name = Text(members, "name", path) };
    }

    private string ReadRole(MemberReader members, string path)
    {
        switch (_reader.TextOf(members.Take("role"), path))
        {
            case null:
                _reader.Fail(path, $"Missing required parameter: '{path}'.");
                return "";
            case ("system" or "developer" or "user" or "assistant" or "tool" or "function") and var role:
                return role;
            default:
                _reader.Fail(
                    path,
                    $"Invalid value for '{path}': expected one of 'system', 'developer', 'user', 'assistant', 'tool' and 'function'.");
                return "";
        }
    }

    private static ChatRole RoleOf(string sent) => sent switch
    {
        "system" or "developer" => ChatRole.System,
        "assistant" => ChatRole.Assistant,
        "tool" or "function" => ChatRole.Tool,
        _ => ChatRole.User,
    };

    private IReadOnlyList<MessageToolCall> ReadCalls(MemberReader members, ChatRole role, string path)
    {
        var calls = members.Take("tool_calls");
        var call = members.Take("function_call");
        if (calls is { ValueKind: JsonValueKind.Array } none && none.GetArrayLength() == 0)
        {
            calls = null;
        }

        if ((calls ?? call) is not null && role != ChatRole.Assistant)
        {
            var name = calls is null ? "function_call" : "tool_calls";
            _reader.Fail($"{path}.{name}", $"Invalid '{path}.{name}': only messages of the role 'assistant' have calls.");
        }

        return (calls, call) switch
        {
            (null, null) => [],
            (null, { } one) => ReadFunction(one, "", $"{path}.function_call") is { } function ? [function] : [],
            ({ ValueKind: JsonValueKind.Array } list, null) => ReadCalls(list, $"{path}.tool_calls"),
            ({ } other, null) => Fail(other),
            _ => Twice(),
        };

        IReadOnlyList<MessageToolCall> Fail(JsonElement other)
        {
            _reader.FailType($"{path}.tool_calls", "an array", other);
            return [];
        }

        IReadOnlyList<MessageToolCall> Twice()
        {
            _reader.Fail(
                $"{path}.function_call", $"Invalid '{path}.function_call': send either 'tool_calls' or 'function_call', not both.");
            return [];
        }
    }

    private List<MessageToolCall> ReadCalls(JsonElement list, string path)
    {
        var calls = new List<MessageToolCall>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            var at = $"{path}[{calls.Count}]";
            if (item.ValueKind != JsonValueKind.Object)
            {
                _reader.FailType(at, "an object", item);
                return calls;
            }

            var members = MembersOf(item);
            var type = Text(members, "type", at);
            if (type is not (null or "function"))
            {
                _reader.Fail($"{at}.type", $"Invalid value for '{at}.type': only calls of functions are taken.");
            }

            var id = Text(members, "id", at) ?? "";
            if (members.Take("function") is not { } function)
            {
                _reader.Fail($"{at}.function", $"Missing required parameter: '{at}.function'.");
            }
            else if (ReadFunction(function, id, $"{at}.function") is { } call)
            {
                calls.Add(call);
            }

            if (_reader.Error is not null)
            {
                return calls;
            }
        }

        return calls;
    }

    private MessageToolCall? ReadFunction(JsonElement function, string id, string path)
    {
        if (function.ValueKind != JsonValueKind.Object)
        {
            _reader.FailType(path, "an object", function);
            return null;
        }

        var members = MembersOf(function);
        var name = Text(members, "name", path);
        if (name is null)
        {
            _reader.Fail($"{path}.name", $"Missing required parameter: '{path}.name'.");
        }

        // The API says: a string. Some clients send what they have parsed already; what they mean is plain.
        var arguments = members.Take("arguments") switch
        {
            null => "",
            { ValueKind: JsonValueKind.Object } parsed => parsed.GetRawText(),
            { } text => _reader.TextOf(text, $"{path}.arguments"),
        };
        return new MessageToolCall(id, name ?? "", arguments ?? "");
    }

    private string? Text(MemberReader members, string name, string path) =>
        _reader.TextOf(members.Take(name), $"{path}.{name}") is { Length: > 0 } text ? text : null;

    private static MemberReader MembersOf(JsonElement item) =>
        new(item.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal));
}
