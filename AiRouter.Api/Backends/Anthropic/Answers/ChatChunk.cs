using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Dialects.Messages;

namespace AiRouter.Api.Backends.Anthropic.Answers;

/// <summary>Writes one chunk with one choice: between the beginning and <see cref="Dispose"/> comes its <c>delta</c>.</summary>
internal sealed class ChatChunk : IDisposable
{
    private readonly IBufferWriter<byte> _output;

    /// <summary>Begins.</summary>
    public ChatChunk(IBufferWriter<byte> output, string id, long created, string model)
    {
        _output = output;
        output.Write("data: "u8);
        Json = new Utf8JsonWriter(output, MessageJson.Options);
        Json.WriteStartObject();
        WriteHead(Json, id, created, model);
        Json.WriteStartArray("choices");
        Json.WriteStartObject();
        Json.WriteNumber("index", 0);
    }

    /// <summary>The choice.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>Why the choice ends; null: it goes on.</summary>
    public string? FinishReason { get; set; }

    /// <summary>The stop text that ended it, as vLLM names it; null: none did.</summary>
    public string? StopSequence { get; set; }

    /// <summary>The members that are the same in all chunks.</summary>
    public static void WriteHead(Utf8JsonWriter json, string id, long created, string model)
    {
        json.WriteString("id", id);
        json.WriteString("object", "chat.completion.chunk");
        json.WriteNumber("created", created);
        json.WriteString("model", model);
    }

    /// <summary>A chunk up to the first member of its delta.</summary>
    public static byte[] TextOpen(string id, long created, string model)
    {
        var output = new ArrayBufferWriter<byte>(256);
        output.Write("data: "u8);
        using (var json = new Utf8JsonWriter(output, MessageJson.Options))
        {
            json.WriteStartObject();
            WriteHead(json, id, created, model);
            json.WriteEndObject();
        }

        return [.. output.WrittenSpan[..^1], .. ",\"choices\":[{\"index\":0,\"delta\":{"u8];
    }

    /// <summary>Begins a delta with a piece of a call, inside its function; id and name are in the first piece only.</summary>
    public void BeginCall(int index, string? id = null, string? name = null)
    {
        Json.WriteStartObject("delta");
        Json.WriteStartArray("tool_calls");
        Json.WriteStartObject();
        Json.WriteNumber("index", index);
        if (id is not null)
        {
            Json.WriteString("id", id);
            Json.WriteString("type", "function");
        }

        Json.WriteStartObject("function");
        if (name is not null)
        {
            Json.WriteString("name", name);
        }
    }

    /// <summary>Ends that delta.</summary>
    public void EndCall()
    {
        Json.WriteEndObject();
        Json.WriteEndObject();
        Json.WriteEndArray();
        Json.WriteEndObject();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Json.WriteNull("logprobs");
        Json.WriteString("finish_reason", FinishReason);
        if (StopSequence is not null)
        {
            Json.WriteString("stop_reason", StopSequence);
        }

        Json.WriteEndObject();
        Json.WriteEndArray();
        Json.WriteNull("usage");
        Json.WriteEndObject();
        Json.Dispose();
        _output.Write("\n\n"u8);
    }
}
