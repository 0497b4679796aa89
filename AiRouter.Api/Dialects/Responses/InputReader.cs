using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>
/// <c>instructions</c> and <c>input</c> as messages. What an assistant thought, said and called stands in items of their own here
/// and in one message there: a message of the assistant begins one, its thoughts before and its calls behind belong to it.
/// </summary>
internal sealed class InputReader
{
    private const string Separator = "\n\n";

    /// <summary>What was put together from several items, or is no list of them.</summary>
    private static readonly MessageOrigin Somewhere = new("input");

    private static readonly Dictionary<string, string> OfMessage = new(StringComparer.Ordinal)
    {
        ["role"] = ".role",
        ["content"] = ".content",
        ["content[].image_url.url"] = ".content[].image_url",
        ["content[].image_url.detail"] = ".content[].detail",
        ["content[].file"] = ".content[]",
    };

    private static readonly Dictionary<string, string> OfOutput = new(StringComparer.Ordinal)
    {
        ["content"] = ".output",
        ["tool_call_id"] = ".call_id",
    };

    private readonly MemberReader _reader;
    private readonly ContentTranslation _content;
    private readonly JsonArray _messages = [];
    private readonly List<MessageOrigin> _origins = [];
    private readonly StringBuilder _thoughts = new();
    private AssistantDraft? _assistant;
    private MessageOrigin? _assistantOrigin;

    private InputReader(MemberReader reader)
    {
        _reader = reader;
        _content = new ContentTranslation(reader);
    }

    /// <summary>The messages; problems are in the reader, with paths such as <c>input[0].content[1]</c>.</summary>
    public static JsonArray Read(MemberReader reader)
    {
        var input = new InputReader(reader);
        input.Read();
        return input._messages;
    }

    /// <summary>What each of these messages was made of.</summary>
    public static IReadOnlyList<MessageOrigin> OriginsOf(MemberReader reader)
    {
        var input = new InputReader(reader);
        input.Read();
        return input._origins;
    }

    private void Read()
    {
        if (_reader.TextOf(_reader.Take("instructions"), "instructions") is { Length: > 0 } instructions)
        {
            Add("system", instructions, new MessageOrigin("instructions"));
        }

        switch (_reader.Take("input"))
        {
            case null:
                _reader.Fail("input", "Missing required parameter: 'input'.");
                break;
            case { ValueKind: JsonValueKind.String } text:
                Add("user", text.Text(), Somewhere);
                break;
            case { ValueKind: JsonValueKind.Array } items:
                ReadItems(items);
                break;
            case { } other:
                _reader.FailType("input", "a string or an array of items", other);
                break;
        }
    }

    private void ReadItems(JsonElement items)
    {
        var index = 0;
        foreach (var item in items.EnumerateArray())
        {
            var path = $"input[{index++}]";
            if (item.ValueKind != JsonValueKind.Object)
            {
                _reader.FailType(path, "an object", item);
            }
            else
            {
                ReadItem(item, path);
            }

            if (_reader.Error is not null)
            {
                return;
            }
        }

        EndAssistant();
        if (_messages.Count == 0)
        {
            _reader.Fail("input", "Invalid 'input': it has no message.");
        }
    }

    private void ReadItem(JsonElement item, string path)
    {
        // Both have forms without a type: a message has a role, and a reference nothing but an id.
        var type = _reader.TextOf(item.Member("type"), $"{path}.type") ??
            (item.Member("role") is null && item.Member("id") is not null ? ConversationItems.Reference : "message");
        switch (type)
        {
            case "message":
                ReadMessage(item, path);
                break;
            case "reasoning":
                ReadReasoning(item);
                break;
            case "function_call":
                ReadCall(item, path, "function", "arguments");
                break;
            case "custom_tool_call":
                ReadCall(item, path, "custom", "input");
                break;
            case "function_call_output" or "custom_tool_call_output":
                ReadOutput(item, path);
                break;
            case ConversationItems.Reference:
                _reader.Fail(
                    path,
                    $"Invalid '{path}': an item that is only named by its id would have to be stored, and it is not. " +
                    "Send the item itself: clients that name items do so when they ask with 'store': false.",
                    ErrorCause.UnsupportedParameter);
                break;
            default:
                _reader.Fail(
                    path,
                    $"Items of the type '{type}', as at '{path}', are not supported with this model.",
                    ErrorCause.UnsupportedParameter);
                break;
        }
    }

    private void ReadMessage(JsonElement item, string path)
    {
        switch (_reader.TextOf(item.Member("role"), $"{path}.role"))
        {
            case "assistant":
                EndAssistant(keepThoughts: true);
                BeginAssistant(new MessageOrigin(path, OfMessage));
                TakeThoughts(_assistant!);
                _content.ReadAssistant(item.Member("content"), $"{path}.content", _assistant!);
                break;
            case ("user" or "system" or "developer") and var role:
                EndAssistant();
                Add(role, _content.Read(item.Member("content"), $"{path}.content"), new MessageOrigin(path, OfMessage));
                break;
            case null:
                _reader.Fail($"{path}.role", $"Missing required parameter: '{path}.role'.");
                break;
            default:
                _reader.Fail(
                    $"{path}.role",
                    $"Invalid value for '{path}.role': expected one of 'user', 'assistant', 'system' and 'developer'.");
                break;
        }
    }

    /// <summary>The text itself, else its summary, else what we have sealed; what is encrypted can only be read where it was made.</summary>
    private void ReadReasoning(JsonElement item)
    {
        if (!ReadThoughts(item.ListMember("content")) && !ReadThoughts(item.ListMember("summary")) &&
            SealedThought.Read(item.TextMember("encrypted_content")) is { } text)
        {
            AddThought(text);
        }
    }

    private bool ReadThoughts(IEnumerable<JsonElement> parts)
    {
        var any = false;
        foreach (var part in parts)
        {
            if (part.TextMember("text") is { Length: > 0 } text)
            {
                any = true;
                AddThought(text);
            }
        }

        return any;
    }

    private void AddThought(string text) => _thoughts.Append(_thoughts.Length > 0 ? Separator : "").Append(text);

    private void ReadCall(JsonElement item, string path, string kind, string member)
    {
        var id = ReadCallId(item, path);
        var name = _reader.TextOf(item.Member("name"), $"{path}.name");
        if (string.IsNullOrEmpty(name))
        {
            _reader.Fail($"{path}.name", $"Missing required parameter: '{path}.name'.");
        }

        var arguments = item.Member(member) switch
        {
            null => "",
            { ValueKind: JsonValueKind.Object } parsed => parsed.GetRawText(),
            { } text => _reader.TextOf(text, $"{path}.{member}"),
        };
        if (_assistant is null)
        {
            BeginAssistant(CallOrigin(path, kind, member));
        }
        else
        {
            _assistantOrigin = Somewhere;
        }

        TakeThoughts(_assistant!);
        _assistant!.Calls.Add((JsonNode)new JsonObject
        {
            ["id"] = id,
            ["type"] = kind,
            [kind] = new JsonObject { ["name"] = name, [member] = arguments },
        });
    }

    private void ReadOutput(JsonElement item, string path)
    {
        EndAssistant(keepThoughts: true);
        _messages.Add((JsonNode)new JsonObject
        {
            ["role"] = "tool",
            ["tool_call_id"] = ReadCallId(item, path),
            ["content"] = _content.Read(item.Member("output"), $"{path}.output"),
        });
        _origins.Add(new MessageOrigin(path, OfOutput));
    }

    private string? ReadCallId(JsonElement item, string path)
    {
        var id = _reader.TextOf(item.Member("call_id"), $"{path}.call_id") ?? item.TextMember("id");
        if (string.IsNullOrEmpty(id))
        {
            _reader.Fail($"{path}.call_id", $"Missing required parameter: '{path}.call_id'.");
        }

        return id;
    }

    private void TakeThoughts(AssistantDraft assistant)
    {
        if (_thoughts.Length > 0)
        {
            _assistantOrigin = Somewhere;
            assistant.Thoughts = assistant.Thoughts is null ? _thoughts.ToString() : $"{assistant.Thoughts}{Separator}{_thoughts}";
            _thoughts.Clear();
        }
    }

    private void BeginAssistant(MessageOrigin origin) => (_assistant, _assistantOrigin) = (new AssistantDraft(), origin);

    /// <summary>The message is complete. Thoughts that nothing of the assistant's followed belong to nothing.</summary>
    private void EndAssistant(bool keepThoughts = false)
    {
        if (_assistant is not null)
        {
            _messages.Add((JsonNode)_assistant.ToMessage());
            _origins.Add(_assistantOrigin!);
            _assistant = null;
        }

        if (!keepThoughts)
        {
            _thoughts.Clear();
        }
    }

    private void Add(string role, JsonNode? content, MessageOrigin origin)
    {
        _messages.Add((JsonNode)new JsonObject { ["role"] = role, ["content"] = content });
        _origins.Add(origin);
    }

    private static MessageOrigin CallOrigin(string path, string kind, string member) => new(path, new Dictionary<string, string>(3)
    {
        ["tool_calls[].id"] = ".call_id",
        [$"tool_calls[].{kind}.name"] = ".name",
        [$"tool_calls[].{kind}.{member}"] = $".{member}",
    });
}
