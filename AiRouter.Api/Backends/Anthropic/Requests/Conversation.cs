using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Dialects.Messages;

namespace AiRouter.Api.Backends.Anthropic.Requests;

/// <summary>
/// Reads the messages of chat into <c>system</c> and <c>messages</c>. Turns of users and of the assistant alternate there: neighbours of
/// one side become one turn, and what tools have returned is part of the user's, in front.
/// </summary>
internal sealed class Conversation
{
    private readonly RequestContext _context;
    private readonly ContentBlocks _blocks;
    private readonly JsonArray _system = [];
    private readonly JsonArray _turns = [];

    private Conversation(RequestContext context)
    {
        _context = context;
        _blocks = new ContentBlocks(context);
    }

    /// <summary>Adds both members to the request.</summary>
    public static void Read(RequestContext context, JsonObject request)
    {
        var conversation = new Conversation(context);
        conversation.Read();
        if (conversation._system.Count > 0)
        {
            request["system"] = ContentBlocks.Shortest(conversation._system);
        }

        request["messages"] = conversation._turns;
    }

    private void Read()
    {
        if (_context.Reader.Take("messages") is not { ValueKind: JsonValueKind.Array } list)
        {
            _context.Reader.Fail("messages", "Missing required parameter: 'messages'.");
            return;
        }

        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            var path = $"messages[{index++}]";
            if (item.ValueKind == JsonValueKind.Object)
            {
                ReadMessage(JsonElements.MembersOf(item), path);
            }
            else
            {
                _context.Reader.FailType(path, "an object", item);
            }
        }

        Finish();
    }

    /// <summary>Turns in which nothing is said are left out: Anthropic refuses them.</summary>
    private void Finish()
    {
        for (var i = _turns.Count - 1; i >= 0; i--)
        {
            var blocks = _turns[i]!["content"]!.AsArray();
            if (blocks.Count == 0)
            {
                _turns.RemoveAt(i);
            }
            else if (ContentBlocks.Shortest(blocks) is JsonValue text)
            {
                _turns[i]!["content"] = text;
            }
        }
    }

    private void ReadMessage(MemberReader members, string path)
    {
        var content = members.Take("content");
        switch (_context.Reader.TextOf(members.Take("role"), $"{path}.role"))
        {
            case "system" or "developer":
                _blocks.ReadTexts(content, $"{path}.content", _system);
                break;
            case "user":
                _blocks.Read(content, $"{path}.content", BlocksOf("user"));
                break;
            case "assistant":
                ReadAssistant(members, content, path);
                break;
            case "tool":
                ReadResult(members, content, path);
                break;
            case "function":
                _context.Refuse($"{path}.role", "send the messages of tools");
                break;
            case null:
                _context.Reader.Fail($"{path}.role", $"Missing required parameter: '{path}.role'.");
                break;
            default:
                _context.Reader.Fail(
                    $"{path}.role",
                    $"Invalid value for '{path}.role': expected one of 'system', 'developer', 'user', 'assistant' and 'tool'.");
                break;
        }
    }

    /// <summary>What it thought stays here: Anthropic takes only thoughts that it has signed.</summary>
    private void ReadAssistant(MemberReader members, JsonElement? content, string path)
    {
        var blocks = BlocksOf("assistant");
        _blocks.ReadTexts(content, $"{path}.content", blocks);
        if (_context.Reader.TextOf(members.Take("refusal"), $"{path}.refusal") is { Length: > 0 } refusal)
        {
            ContentBlocks.AddText(refusal, blocks);
        }

        if (members.Take("function_call") is not null)
        {
            _context.Refuse($"{path}.function_call", "send tool_calls");
        }

        switch (members.Take("tool_calls"))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.Array } list:
                var index = 0;
                foreach (var call in list.EnumerateArray())
                {
                    ReadCall(call, $"{path}.tool_calls[{index++}]", blocks);
                }

                break;
            case { } other:
                _context.Reader.FailType($"{path}.tool_calls", "an array", other);
                break;
        }
    }

    private void ReadCall(JsonElement call, string path, JsonArray blocks)
    {
        var function = JsonElements.In(call, "function", JsonValueKind.Object);
        var id = JsonElements.TextIn(call, "id");
        var name = JsonElements.TextIn(function, "name");
        if (id is null || name is null)
        {
            var missing = id is null ? $"{path}.id" : $"{path}.function.name";
            _context.Reader.Fail(missing, $"Missing required parameter: '{missing}'.");
            return;
        }

        blocks.Add((JsonNode)new JsonObject
        {
            ["type"] = "tool_use",
            ["id"] = ToolIds.Of(id),
            ["name"] = name,
            ["input"] = ToolInput.ToNode(function.TryGetProperty("arguments", out var arguments) ? arguments : default),
        });
    }

    private void ReadResult(MemberReader members, JsonElement? content, string path)
    {
        if (_context.Reader.TextOf(members.Take("tool_call_id"), $"{path}.tool_call_id") is not { } id)
        {
            _context.Reader.Fail($"{path}.tool_call_id", $"Missing required parameter: '{path}.tool_call_id'.");
            return;
        }

        var result = new JsonArray();
        _blocks.Read(content, $"{path}.content", result);
        var block = new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = ToolIds.Of(id) };
        if (result.Count > 0)
        {
            block["content"] = ContentBlocks.Shortest(result);
        }

        // In front of what the user says in the same turn, behind the results before it.
        var blocks = BlocksOf("user");
        blocks.Insert(blocks.TakeWhile(static b => (string?)b!["type"] == "tool_result").Count(), block);
    }

    /// <summary>Where the next blocks of a side go.</summary>
    private JsonArray BlocksOf(string role)
    {
        if (_turns.LastOrDefault() is not JsonObject turn || (string?)turn["role"] != role)
        {
            turn = new JsonObject { ["role"] = role, ["content"] = new JsonArray() };
            _turns.Add((JsonNode)turn);
        }

        return turn["content"]!.AsArray();
    }
}
