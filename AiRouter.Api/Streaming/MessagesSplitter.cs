using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Core.Json;

namespace AiRouter.Api.Streaming;

/// <summary>Makes the events of a whole message, in the order in which Anthropic sends them.</summary>
internal sealed class MessagesSplitter(JsonObject message, IBufferWriter<byte> output)
{
    /// <summary>Writes all frames. False, and nothing is written: it is no message that has come to its end.</summary>
    public bool TryWrite()
    {
        if (message["content"] is not JsonArray content || message["stop_reason"] is null)
        {
            return false;
        }

        var begun = (JsonObject)message.DeepClone();
        begun["content"] = new JsonArray();
        begun["stop_reason"] = null;
        begun["stop_sequence"] = null;
        Send("message_start", new JsonObject { ["message"] = begun });
        foreach (var (index, block) in content.OfType<JsonObject>().Index())
        {
            WriteBlock(index, block);
        }

        Send("message_delta", new JsonObject
        {
            ["delta"] = new JsonObject
            {
                ["stop_reason"] = message["stop_reason"]!.DeepClone(),
                ["stop_sequence"] = message["stop_sequence"]?.DeepClone(),
            },
            ["usage"] = message["usage"]?.DeepClone() ?? new JsonObject(),
        });
        Send("message_stop", []);
        return true;
    }

    /// <summary>What of a block comes in pieces does so here too; all other blocks come as a whole.</summary>
    private void WriteBlock(int index, JsonObject block)
    {
        var begun = (JsonObject)block.DeepClone();
        var deltas = new List<JsonObject>();
        var name = (string?)block["type"];
        if (name is "text" or "thinking")
        {
            deltas.AddRange(TextPieces.Of((string?)block[name] ?? "").Select(
                piece => new JsonObject { ["type"] = name + "_delta", [name] = piece }));
            begun[name] = "";
        }

        // Clients take a signature as it comes, and no pieces of one.
        if (block["signature"] is { } signature)
        {
            deltas.Add(new JsonObject { ["type"] = "signature_delta", ["signature"] = signature.DeepClone() });
            begun["signature"] = "";
        }

        if (begun["citations"] is JsonArray citations)
        {
            begun["citations"] = new JsonArray();
            deltas.AddRange(citations.Select(
                static c => new JsonObject { ["type"] = "citations_delta", ["citation"] = c?.DeepClone() }));
        }

        if (begun["input"] is JsonObject input)
        {
            begun["input"] = new JsonObject();
            deltas.AddRange(TextPieces.Of(Encoding.UTF8.GetString(JsonBytes.RelaxedOf(input))).Select(
                static piece => new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = piece }));
        }

        Send("content_block_start", new JsonObject { ["index"] = index, ["content_block"] = begun });
        foreach (var delta in deltas)
        {
            Send("content_block_delta", new JsonObject { ["index"] = index, ["delta"] = delta });
        }

        Send("content_block_stop", new JsonObject { ["index"] = index });
    }

    private void Send(string type, JsonObject rest)
    {
        rest.Insert(0, "type", type);
        output.Write("event: "u8);
        output.Write(Encoding.UTF8.GetBytes(type));
        output.Write("\ndata: "u8);
        output.Write(JsonBytes.RelaxedOf(rest));
        output.Write("\n\n"u8);
    }
}
