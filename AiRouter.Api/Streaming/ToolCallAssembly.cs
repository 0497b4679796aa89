using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiRouter.Api.Streaming;

/// <summary>Tool calls put together from their pieces: by index, else by id, else to the last one; the first name and id win.</summary>
internal sealed class ToolCallAssembly
{
    // Each piece looks its call up among all others.
    private const int MaxCalls = 1024;

    private readonly List<(int? Index, JsonObject Call, StringBuilder Arguments)> _calls = [];

    /// <summary>How many there are.</summary>
    public int Count => _calls.Count;

    /// <summary>Takes the pieces of one delta in.</summary>
    public void Add(JsonArray? pieces)
    {
        foreach (var piece in pieces?.OfType<JsonObject>() ?? [])
        {
            var index = piece["index"]?.GetValueKind() == JsonValueKind.Number ? (int?)piece["index"]! : null;
            var at = Find(index, Text(piece["id"]));
            if (at < 0)
            {
                at = _calls.Count < MaxCalls ? _calls.Count : throw new FormatException("There are more tool calls than can be meant.");
                _calls.Add((index, [], new StringBuilder()));
            }

            Merge(_calls[at].Call, _calls[at].Arguments, piece);
        }
    }

    /// <summary>The calls as a message has them, in the order of their indexes.</summary>
    public JsonArray ToJson()
    {
        var array = new JsonArray();
        foreach (var (_, call, arguments) in _calls.OrderBy(c => c.Index ?? int.MaxValue))
        {
            var kind = call["custom"] is JsonObject ? "custom" : "function";
            call["type"] ??= kind;
            if (call[kind] is JsonObject function)
            {
                function[kind == "custom" ? "input" : "arguments"] = arguments.ToString();
            }

            array.Add((JsonNode)call);
        }

        return array;
    }

    private int Find(int? index, string? id)
    {
        if (index is not null)
        {
            return _calls.FindIndex(c => c.Index == index);
        }

        return id is not null ? _calls.FindIndex(c => Text(c.Call["id"]) == id) : _calls.Count - 1;
    }

    private static void Merge(JsonObject call, StringBuilder arguments, JsonObject piece)
    {
        foreach (var (name, value) in piece.ToList())
        {
            piece.Remove(name);
            if (name is "function" or "custom" && value is JsonObject function)
            {
                var known = call[name] as JsonObject;
                if (known is null)
                {
                    call[name] = known = [];
                }

                arguments.Append(Text(function["arguments"]) ?? Text(function["input"]));
                KeepFirst(known, "name", function["name"]);
            }
            else if (name != "index")
            {
                KeepFirst(call, name, value);
            }
        }
    }

    private static void KeepFirst(JsonObject target, string name, JsonNode? value)
    {
        if (value is not null && (target[name] is null || Text(target[name]) is ""))
        {
            target[name] = value.Parent is null ? value : value.DeepClone();
        }
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? (string)node! : null;
}
