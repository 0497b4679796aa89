using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Core.Json;

namespace AiRouter.Api.Streaming;

/// <summary>Puts the events of a message together, as Anthropic's own clients do. Members that nobody knows yet stay in it.</summary>
internal sealed class MessagesAssembly : IAnswerAssembly
{
    private readonly SortedDictionary<int, Block> _blocks = [];
    private JsonObject? _message;
    private bool _isBegun;

    /// <inheritdoc/>
    public bool IsWhole { get; private set; }

    /// <inheritdoc/>
    public bool IsError(ReadOnlySpan<byte> data, in ChunkScan scan) => ResponsesAssembly.TypeOf(data, in scan).SequenceEqual("error"u8);

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<byte> data)
    {
        var found = JsonBytes.ReadObject(data);
        switch ((string?)found["type"])
        {
            case "message_start":
                _message = found["message"] as JsonObject;
                _isBegun = _message is not null;
                break;
            case "content_block_start" when found["content_block"] is JsonObject block:
                _blocks[IndexOf(found)] = new Block(block);
                break;
            case "content_block_delta" when found["delta"] is JsonObject delta && _blocks.TryGetValue(IndexOf(found), out var block):
                block.Add(delta);
                break;
            case "message_delta":
                Finish(found);
                break;
            case "message_stop":
                IsWhole = _isBegun;
                break;
            default:
                break;
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ToJson()
    {
        // Of a stream whose beginning was not kept it is a message all the same.
        var message = _message ?? [];
        if (!_isBegun)
        {
            message["type"] = "message";
        }

        message["content"] = new JsonArray([.. _blocks.Values.Select(static b => (JsonNode)b.ToJson())]);
        return JsonBytes.RelaxedOf(message);
    }

    private void Finish(JsonObject end)
    {
        var message = _message ??= [];

        // Figures are totals: those that come last count, and those that do not come again stand.
        if (end["usage"] is JsonObject usage)
        {
            if (message["usage"] is not JsonObject figures)
            {
                message["usage"] = figures = [];
            }

            Merge(figures, usage.Where(static f => f.Value is not null));
        }

        Merge(message, end["delta"] as JsonObject ?? []);
        Merge(message, end.Where(static m => m.Key is not ("type" or "delta" or "usage")));
        IsWhole |= _isBegun && message["stop_reason"] is not null;
    }

    private static void Merge(JsonObject into, IEnumerable<KeyValuePair<string, JsonNode?>> members)
    {
        foreach (var (name, value) in members)
        {
            into[name] = value?.DeepClone();
        }
    }

    private static int IndexOf(JsonObject found) => found["index"]?.GetValue<int>() ?? 0;

    /// <summary>A block, and the pieces of its texts.</summary>
    private sealed class Block(JsonObject begun)
    {
        private readonly Dictionary<string, StringBuilder> _texts = [];
        private readonly StringBuilder _input = new();

        public void Add(JsonObject delta)
        {
            switch ((string?)delta["type"])
            {
                case "input_json_delta":
                    _input.Append((string?)delta["partial_json"]);
                    break;
                case "signature_delta":
                    begun["signature"] = delta["signature"]?.DeepClone();
                    break;
                case "citations_delta":
                    if (begun["citations"] is not JsonArray citations)
                    {
                        begun["citations"] = citations = [];
                    }

                    citations.Add(delta["citation"]?.DeepClone());
                    break;
                default:
                    // Text, thoughts, and what will be invented: what a delta has of a text goes behind what the block has.
                    foreach (var (name, value) in delta)
                    {
                        if (name != "type" && value?.GetValueKind() == JsonValueKind.String)
                        {
                            TextOf(name).Append((string?)value);
                        }
                    }

                    break;
            }
        }

        public JsonObject ToJson()
        {
            foreach (var (name, text) in _texts)
            {
                begun[name] = text.ToString();
            }

            if (_input.Length > 0)
            {
                begun["input"] = InputOf(_input.ToString());
            }

            return (JsonObject)begun.DeepClone();
        }

        /// <summary>A model may have written something else than JSON, or not have come to its end.</summary>
        private static JsonNode? InputOf(string json)
        {
            try
            {
                return JsonNode.Parse(json);
            }
            catch (JsonException)
            {
                return json;
            }
        }

        private StringBuilder TextOf(string name)
        {
            if (!_texts.TryGetValue(name, out var text))
            {
                _texts[name] = text = new StringBuilder((string?)begun[name]);
            }

            return text;
        }
    }
}
