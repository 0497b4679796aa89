using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.Triton.Requests;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>
/// Reads <c>system</c> and <c>messages</c> into the messages of chat. Problems are in the reader, with the client's own paths.
/// </summary>
internal sealed class TurnReader
{
    private static readonly Dictionary<string, string> OfMessage = new(StringComparer.Ordinal)
    {
        ["role"] = ".role",
        ["content"] = ".content",
        ["content[].image_url"] = ".content[].source",
        ["content[].image_url.url"] = ".content[].source",
    };

    private static readonly Dictionary<string, string> OfResult = new(StringComparer.Ordinal)
    {
        ["content"] = ".content",
        ["tool_call_id"] = ".tool_use_id",
    };

    private readonly MemberReader _reader;
    private readonly BlockReader _blocks;
    private readonly JsonArray _messages = [];
    private readonly List<MessageOrigin> _origins = [];

    private TurnReader(MemberReader reader)
    {
        _reader = reader;
        _blocks = new BlockReader(reader);
    }

    /// <summary>All messages, the system's first.</summary>
    public static JsonArray ReadAll(MemberReader reader) => Read(reader)._messages;

    /// <summary>What each of them was made of.</summary>
    public static IReadOnlyList<MessageOrigin> OriginsOf(MemberReader reader) => Read(reader)._origins;

    private static TurnReader Read(MemberReader reader)
    {
        var turns = new TurnReader(reader);
        turns.ReadSystem();
        turns.ReadMessages();
        return turns;
    }

    private void ReadSystem()
    {
        if (_reader.Take("system") is { } system && _blocks.ReadTexts(system, "system") is { Length: > 0 } text)
        {
            Add("system", text, new MessageOrigin("system"));
        }
    }

    private void ReadMessages()
    {
        switch (_reader.Take("messages"))
        {
            case null:
                _reader.Fail("messages", "Missing required parameter: 'messages'.");
                break;
            case { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 0:
                var index = 0;
                foreach (var item in list.EnumerateArray())
                {
                    ReadMessage(item, $"messages[{index++}]");
                }

                break;
            case { ValueKind: JsonValueKind.Array }:
                _reader.Fail("messages", "Invalid 'messages': it is empty.");
                break;
            case { } other:
                _reader.FailType("messages", "an array", other);
                break;
        }
    }

    private void ReadMessage(JsonElement message, string path)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            _reader.FailType(path, "an object", message);
            return;
        }

        var members = JsonElements.MembersOf(message);
        var role = _reader.TextOf(members.Take("role"), $"{path}.role");
        if (members.Take("content") is not { } content)
        {
            _reader.Fail($"{path}.content", $"Missing required parameter: '{path}.content'.");
            return;
        }

        switch (role)
        {
            case "user":
                ReadUser(content, path);
                break;
            case "assistant":
                ReadAssistant(content, path);
                break;
            case "system":
                Add("system", _blocks.ReadTexts(content, $"{path}.content") ?? "", new MessageOrigin($"{path}.content"));
                break;
            default:
                _reader.Fail($"{path}.role", $"Invalid value for '{path}.role': expected one of 'user', 'assistant' and 'system'.");
                break;
        }
    }

    /// <summary>
    /// What tools have returned goes first, each in a message of its own, as chat wants it: right behind the calls. Images in it go
    /// with the rest of the turn, because chat's tools return texts only.
    /// </summary>
    private void ReadUser(JsonElement content, string message)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            Add("user", content.GetString(), new MessageOrigin(message, OfMessage));
            return;
        }

        var parts = new JsonArray();
        var path = $"{message}.content";
        var isWhole = true;
        foreach (var (block, type, at) in _blocks.Each(content, path))
        {
            // A document may become several parts.
            isWhole &= type is "text" or "image";
            switch (type)
            {
                case "tool_result":
                    _origins.Add(new MessageOrigin(at, OfResult));
                    _messages.Add((JsonNode)_blocks.ReadResult(block, at, parts));
                    break;
                case "mid_conv_system":
                    if (block.TryGetProperty("content", out var instructions))
                    {
                        Add("system", _blocks.ReadTexts(instructions, $"{at}.content") ?? "", new MessageOrigin($"{at}.content"));
                    }

                    break;
                default:
                    _blocks.ReadPart(block, type, at, parts);
                    break;
            }
        }

        if (parts.Count > 0)
        {
            Add("user", BlockReader.ContentOf(parts), isWhole ? new MessageOrigin(message, OfMessage) : new MessageOrigin(path));
        }
    }

    private void ReadAssistant(JsonElement content, string message)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            Add("assistant", content.GetString(), new MessageOrigin(message, OfMessage));
            return;
        }

        var path = $"{message}.content";

        var text = new StringBuilder();
        var thinking = new StringBuilder();
        var calls = new JsonArray();
        foreach (var (block, type, at) in _blocks.Each(content, path))
        {
            switch (type)
            {
                case "text":
                    text.Append(_blocks.ReadRequired(block, "text", at));
                    break;
                case "thinking":
                    thinking.Append(_blocks.ReadRequired(block, "thinking", at));
                    break;
                case "redacted_thinking":
                    // Encrypted: nobody but Anthropic can read it.
                    break;
                case "tool_use":
                    calls.Add((JsonNode)_blocks.ReadCall(block, at));
                    break;
                default:
                    _blocks.Refuse(type, at);
                    break;
            }
        }

        var said = new JsonObject { ["role"] = "assistant" };
        said["content"] = text.Length == 0 && calls.Count > 0 ? null : text.ToString();
        if (thinking.Length > 0)
        {
            said["reasoning_content"] = thinking.ToString();
        }

        if (calls.Count > 0)
        {
            said["tool_calls"] = calls;
        }

        _messages.Add((JsonNode)said);
        _origins.Add(new MessageOrigin(path));
    }

    private void Add(string role, JsonNode? content, MessageOrigin origin)
    {
        _messages.Add((JsonNode)new JsonObject { ["role"] = role, ["content"] = content });
        _origins.Add(origin);
    }
}
