using System.Text.Json;

namespace AiRouter.Prompting.Formats.Preview;

/// <summary>
/// Reads a conversation as chat requests have it. Only what a prompt is made of: <c>messages</c>, <c>tools</c>, <c>documents</c>,
/// <c>chat_template_kwargs</c>, <c>add_generation_prompt</c> and <c>continue_final_message</c>. Problems name their place, such as
/// <c>messages[1].content</c>.
/// </summary>
public sealed class ConversationJson
{
    private string? _problem;

    private ConversationJson()
    {
    }

    /// <summary>The conversation; null and what is wrong.</summary>
    /// <param name="request">An object with <c>messages</c>. It must live as long as the conversation.</param>
    /// <param name="problem">What is wrong and where.</param>
    public static Conversation? Read(JsonElement request, out string? problem)
    {
        var reader = new ConversationJson();
        try
        {
            var conversation = reader.Read(request);
            problem = reader._problem;
            return problem is null ? conversation : null;
        }
        catch (InvalidOperationException)
        {
            // The documented answer to half a surrogate pair, written as an escape.
            problem = "the conversation: a text in it has half a surrogate pair (\\ud800 to \\udfff), which is no text";
            return null;
        }
    }

    private Conversation? Read(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object)
        {
            return Fail<Conversation>("the conversation", "must be an object with messages");
        }

        return new Conversation
        {
            Messages = ReadList(request, "messages", "", isNeeded: true).Select((m, i) => ReadMessage(m, $"messages[{i}]")).ToList(),
            Tools = ReadArray(request, "tools"),
            Documents = ReadArray(request, "documents"),
            Variables = ReadVariables(request),
            AddGenerationPrompt = ReadFlag(request, "add_generation_prompt"),
            ContinueFinalMessage = ReadFlag(request, "continue_final_message"),
        };
    }

    private ChatMessage ReadMessage(JsonElement message, string path)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            return Fail(path, "must be an object", new ChatMessage(ChatRole.User, ""));
        }

        var sent = ReadText(message, "role", path);
        ChatRole? known = sent switch
        {
            "system" or "developer" => ChatRole.System,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "tool" or "function" => ChatRole.Tool,
            _ => null,
        };
        if (known is not { } role)
        {
            return Fail($"{path}.role", "must be system, developer, user, assistant, tool or function", new ChatMessage(ChatRole.User, ""));
        }

        var calls = ReadList(message, "tool_calls", path, isNeeded: false).Select((c, i) => ReadCall(c, $"{path}.tool_calls[{i}]")).ToList();
        if (calls.Count > 0 && role != ChatRole.Assistant)
        {
            Fail<object>($"{path}.tool_calls", "only messages of the role assistant have calls");
        }

        return ReadContent(message, role, path) with
        {
            SentRole = sent,
            Name = NotEmpty(ReadText(message, "name", path)),
            ToolCalls = calls,
            ToolCallId = NotEmpty(ReadText(message, "tool_call_id", path)),
            Reasoning = NotEmpty(ReadText(message, "reasoning_content", path)) ?? NotEmpty(ReadText(message, "reasoning", path)),
        };
    }

    private ChatMessage ReadContent(JsonElement message, ChatRole role, string path)
    {
        switch (Member(message, "content"))
        {
            case null when role == ChatRole.Assistant:
                return new ChatMessage(role, "") { HasNoContent = true };
            case { ValueKind: JsonValueKind.String } text:
                return new ChatMessage(role, text.GetString()!);
            case { ValueKind: JsonValueKind.Array } list:
                var parts = list.EnumerateArray().Select((p, i) => ReadPart(p, $"{path}.content[{i}]")).ToList();
                return new ChatMessage(role, string.Concat(parts.Select(p => p.Text))) { Parts = parts };
            default:
                return Fail($"{path}.content", "must be a text or a list of parts", new ChatMessage(role, ""));
        }
    }

    private ContentPart ReadPart(JsonElement part, string path)
    {
        if (part.ValueKind != JsonValueKind.Object)
        {
            return Fail(path, "must be an object with a type", new ContentPart(ContentKind.Text, ""));
        }

        switch (ReadText(part, "type", path))
        {
            case "text":
                return new ContentPart(ContentKind.Text, ReadText(part, "text", path) ?? Fail($"{path}.text", "is missing", ""));
            case "image_url" or "image":
                return new ContentPart(ContentKind.Image, "");
            case "input_audio" or "audio":
                return new ContentPart(ContentKind.Audio, "");
            default:
                return Fail($"{path}.type", "must be text, image_url or input_audio", new ContentPart(ContentKind.Text, ""));
        }
    }

    private MessageToolCall ReadCall(JsonElement call, string path)
    {
        var nothing = new MessageToolCall("", "", "");
        if (call.ValueKind != JsonValueKind.Object || Member(call, "function") is not { ValueKind: JsonValueKind.Object } function)
        {
            return Fail(path, "must be an object with a function", nothing);
        }

        var arguments = Member(function, "arguments") switch
        {
            null => "",
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { ValueKind: JsonValueKind.Object } parsed => parsed.GetRawText(),
            _ => Fail($"{path}.function.arguments", "must be a text with JSON in it, or an object", ""),
        };
        return ReadText(function, "name", $"{path}.function") is { Length: > 0 } name
            ? new MessageToolCall(ReadText(call, "id", path) ?? "", name, arguments)
            : Fail($"{path}.function.name", "is missing", nothing);
    }

    private Dictionary<string, JsonElement> ReadVariables(JsonElement request)
    {
        var variables = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        switch (Member(request, "chat_template_kwargs"))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.Object } given:
                foreach (var variable in given.EnumerateObject())
                {
                    variables[variable.Name] = variable.Value;
                }

                break;
            default:
                Fail<object>("chat_template_kwargs", "must be an object");
                break;
        }

        return variables;
    }

    // As in requests, an empty list counts as none.
    private JsonElement? ReadArray(JsonElement request, string name) =>
        ReadList(request, name, "", isNeeded: false).Count > 0 ? Member(request, name) : null;

    private List<JsonElement> ReadList(JsonElement owner, string name, string path, bool isNeeded)
    {
        path = path.Length == 0 ? name : $"{path}.{name}";
        switch (Member(owner, name))
        {
            case { ValueKind: JsonValueKind.Array } list when !isNeeded || list.GetArrayLength() > 0:
                return [.. list.EnumerateArray()];
            case null when !isNeeded:
                return [];
            default:
                return Fail(path, isNeeded ? "must be a list with at least one message" : "must be a list", new List<JsonElement>());
        }
    }

    private bool? ReadFlag(JsonElement owner, string name) => Member(owner, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => Fail(name, "must be true or false", default(bool?)),
    };

    private string? ReadText(JsonElement owner, string name, string path) => Member(owner, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => Fail($"{path}.{name}", "must be a text", default(string)),
    };

    private static string? NotEmpty(string? text) => text is { Length: > 0 } ? text : null;

    private static JsonElement? Member(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private T? Fail<T>(string path, string problem)
        where T : class
    {
        _problem ??= $"{path}: {problem}";
        return null;
    }

    private T Fail<T>(string path, string problem, T instead)
    {
        _problem ??= $"{path}: {problem}";
        return instead;
    }
}
