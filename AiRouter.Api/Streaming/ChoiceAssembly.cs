using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiRouter.Api.Streaming;

/// <summary>One choice put together from its deltas.</summary>
internal sealed class ChoiceAssembly(int index, bool isChat)
{
    private readonly JsonObject _choice = new() { ["index"] = index };
    private readonly JsonObject _message = [];
    private readonly Dictionary<string, StringBuilder> _texts = [];
    private readonly ToolCallAssembly _toolCalls = new();
    private readonly JsonObject _logprobs = [];

    /// <summary>Its finish reason has come.</summary>
    public bool IsFinished => _choice["finish_reason"] is not null;

    /// <summary>Takes a chunk's choice in.</summary>
    public void Add(JsonObject chunk)
    {
        foreach (var (name, value) in chunk.ToList())
        {
            chunk.Remove(name);
            switch (name)
            {
                case "index":
                    break;
                case "delta":
                    AddDelta(value as JsonObject);
                    break;
                case "text":
                    Append("text", value);
                    break;
                case "logprobs":
                    AddLogprobs(value as JsonObject);
                    break;
                case "finish_reason" when value?.GetValueKind() != JsonValueKind.String || (string)value! == "":
                    break;
                default:
                    _choice[name] = value ?? _choice[name]?.DeepClone();
                    break;
            }
        }
    }

    /// <summary>The choice as an answer has it.</summary>
    public JsonObject ToJson()
    {
        if (isChat)
        {
            Complete(_message);
            _choice["message"] = _message;
        }
        else
        {
            _choice["text"] = Text("text") ?? "";
        }

        _choice["logprobs"] = _logprobs.Count > 0 ? _logprobs : null;
        return _choice;
    }

    private void Complete(JsonObject message)
    {
        var extras = message.ToList();
        message.Clear();
        message["role"] = Text("role") ?? "assistant";
        message["content"] = Text("content");
        message["refusal"] = Text("refusal");
        foreach (var name in _texts.Keys.Where(n => n is not ("role" or "content" or "refusal")))
        {
            message[name] = Text(name);
        }

        foreach (var (name, value) in extras)
        {
            message[name] = value;
        }

        if (_toolCalls.Count > 0)
        {
            message["tool_calls"] = _toolCalls.ToJson();
        }
    }

    private void AddDelta(JsonObject? delta)
    {
        foreach (var (name, value) in delta?.ToList() ?? [])
        {
            delta!.Remove(name);
            if (name == "tool_calls")
            {
                _toolCalls.Add(value as JsonArray);
            }
            else if (value?.GetValueKind() == JsonValueKind.String)
            {
                if (name != "role" || !_texts.ContainsKey(name))
                {
                    Append(name, value);
                }
            }
            else if (value is not null)
            {
                AddExtra(name, value);
            }
        }
    }

    /// <summary>Lists grow; objects (function_call, audio) are merged, their texts joined; of anything else the last counts.</summary>
    private void AddExtra(string name, JsonNode value)
    {
        switch (_message[name], value)
        {
            case (JsonArray list, JsonArray more):
                foreach (var item in more.ToList())
                {
                    more.Remove(item);
                    list.Add(item);
                }

                break;
            case (JsonObject known, JsonObject more):
                foreach (var (key, item) in more.ToList())
                {
                    more.Remove(key);
                    known[key] = key is not "id" && item?.GetValueKind() == JsonValueKind.String &&
                        known[key]?.GetValueKind() == JsonValueKind.String
                            ? (string)known[key]! + (string)item!
                            : item ?? known[key]?.DeepClone();
                }

                break;
            default:
                _message[name] = value;
                break;
        }
    }

    private void AddLogprobs(JsonObject? more)
    {
        foreach (var (name, value) in more?.ToList() ?? [])
        {
            more!.Remove(name);
            if (_logprobs[name] is JsonArray list && value is JsonArray items)
            {
                foreach (var item in items.ToList())
                {
                    items.Remove(item);
                    list.Add(item);
                }
            }
            else if (value is not null || !_logprobs.ContainsKey(name))
            {
                _logprobs[name] = value;
            }
        }
    }

    private void Append(string name, JsonNode? value)
    {
        if (value?.GetValueKind() == JsonValueKind.String)
        {
            if (!_texts.TryGetValue(name, out var text))
            {
                _texts[name] = text = new StringBuilder();
            }

            text.Append((string)value!);
        }
    }

    /// <summary>Null for a content that never had a character and stands beside tool calls.</summary>
    private string? Text(string name) =>
        _texts.TryGetValue(name, out var text) && (text.Length > 0 || name != "content" || _toolCalls.Count == 0)
            ? text.ToString()
            : null;
}
