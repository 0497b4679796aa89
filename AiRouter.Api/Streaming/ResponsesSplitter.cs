using System.Buffers;
using System.Text.Json.Nodes;
using AiRouter.Core.Json;

namespace AiRouter.Api.Streaming;

/// <summary>Makes the events of a whole response of the Responses API, in the order in which OpenAI sends them.</summary>
internal sealed class ResponsesSplitter(JsonObject response, IBufferWriter<byte> output)
{
    private int _sequence;

    /// <summary>Writes all frames.</summary>
    public void Write()
    {
        var begun = (JsonObject)response.DeepClone();
        begun["status"] = "in_progress";
        begun["output"] = new JsonArray();
        begun["usage"] = null;
        Send("response.created", new JsonObject { ["response"] = begun.DeepClone() });
        Send("response.in_progress", new JsonObject { ["response"] = begun });
        foreach (var (index, item) in (response["output"] as JsonArray)?.OfType<JsonObject>().Index() ?? [])
        {
            WriteItem(index, item);
        }

        var status = (string?)response["status"];
        Send(
            status is "incomplete" or "failed" ? $"response.{status}" : "response.completed",
            new JsonObject { ["response"] = response.DeepClone() });
    }

    private void WriteItem(int index, JsonObject item)
    {
        var begun = (JsonObject)item.DeepClone();
        var isMessage = (string?)item["type"] == "message";
        if (isMessage)
        {
            begun["content"] = new JsonArray();
        }

        if (begun.ContainsKey("status"))
        {
            begun["status"] = "in_progress";
        }

        var isCall = (string?)item["type"] == "function_call";
        if (isCall)
        {
            begun["arguments"] = "";
        }

        Send("response.output_item.added", new JsonObject { ["output_index"] = index, ["item"] = begun });
        if (isCall)
        {
            WriteText("response.function_call_arguments", "arguments", Place(index, item), (string?)item["arguments"] ?? "");
        }

        foreach (var (partIndex, part) in (isMessage ? item["content"] as JsonArray : null)?.OfType<JsonObject>().Index() ?? [])
        {
            WritePart(index, item, partIndex, part);
        }

        Send("response.output_item.done", new JsonObject { ["output_index"] = index, ["item"] = item.DeepClone() });
    }

    private void WritePart(int index, JsonObject item, int partIndex, JsonObject part)
    {
        var field = (string?)part["type"] == "refusal" ? "refusal" : "text";
        var begun = (JsonObject)part.DeepClone();
        begun[field] = "";
        var place = Place(index, item);
        place["content_index"] = partIndex;
        Send("response.content_part.added", With(place, "part", begun));
        WriteText(field == "refusal" ? "response.refusal" : "response.output_text", field, place, (string?)part[field] ?? "");
        Send("response.content_part.done", With(place, "part", part.DeepClone()));
    }

    private void WriteText(string type, string field, JsonObject place, string text)
    {
        foreach (var piece in TextPieces.Of(text))
        {
            Send(type + ".delta", With(place, "delta", piece));
        }

        Send(type + ".done", With(place, field, text));
    }

    private static JsonObject Place(int index, JsonObject item) =>
        new() { ["item_id"] = item["id"]?.DeepClone(), ["output_index"] = index };

    private static JsonObject With(JsonObject place, string name, JsonNode value)
    {
        var copy = (JsonObject)place.DeepClone();
        copy[name] = value;
        return copy;
    }

    private void Send(string type, JsonObject rest)
    {
        rest.Insert(0, "type", type);
        rest.Insert(1, "sequence_number", _sequence++);
        output.Write("event: "u8);
        output.Write(System.Text.Encoding.UTF8.GetBytes(type));
        output.Write("\ndata: "u8);
        output.Write(JsonBytes.RelaxedOf(rest));
        output.Write("\n\n"u8);
    }
}
