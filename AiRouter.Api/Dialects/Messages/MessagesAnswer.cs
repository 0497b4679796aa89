using System.Buffers;
using System.Text.Json;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>A chat answer as a message, whole or as a stream of events.</summary>
/// <param name="head">What it is called.</param>
/// <param name="stopSequences">The client's: which of them ended the answer, where the backend tells.</param>
internal sealed class MessagesAnswer(DialectHead head, IReadOnlyList<string> stopSequences) : IAnswerTranslation
{
    private MessageStream? _stream;

    private MessageStream Stream => _stream ??= new MessageStream(head, stopSequences);

    /// <inheritdoc/>
    public void WriteWhole(JsonElement completion, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, MessageJson.Options);
        var choices = JsonElements.In(completion, "choices", JsonValueKind.Array);
        var choice = choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0 ? choices[0] : default;
        var message = JsonElements.In(choice, "message", JsonValueKind.Object);

        json.WriteStartObject();
        MessageJson.WriteHead(json, head);
        json.WriteStartArray("content");
        _ = TryWriteText(json, message, "reasoning_content", BlockKind.Thinking) ||
            TryWriteText(json, message, "reasoning", BlockKind.Thinking);
        TryWriteText(json, message, "content", BlockKind.Text);
        var isRefusal = TryWriteText(json, message, "refusal", BlockKind.Text);
        var hasCalls = WriteCalls(json, message);
        json.WriteEndArray();
        StopReason.Of(
            JsonElements.TextIn(choice, "finish_reason"), StopReason.MatchedIn(choice), stopSequences, hasCalls, isRefusal).Write(json);
        json.WritePropertyName("usage");
        var usage = JsonElements.In(completion, "usage", JsonValueKind.Object);
        (usage.ValueKind == JsonValueKind.Object ? MessageUsage.Read(usage) : MessageUsage.Of(head.Usage())).Write(json);
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public void WriteChunk(JsonElement chunk, IBufferWriter<byte> output) => Stream.WriteChunk(chunk, output);

    /// <inheritdoc/>
    public bool TryWriteText(in TextDelta delta, IBufferWriter<byte> output) => _stream is not null && _stream.TryWriteText(delta, output);

    /// <inheritdoc/>
    public void WriteEnd(IBufferWriter<byte> output) => Stream.WriteEnd(output);

    /// <inheritdoc/>
    public void WriteError(JsonElement error, IBufferWriter<byte> output) => output.Write(MessagesError.FrameOf(error));

    private static bool TryWriteText(Utf8JsonWriter json, JsonElement message, string name, BlockKind kind)
    {
        if (!JsonElements.HasText(message, name, out var text))
        {
            return false;
        }

        json.WriteStartObject();
        MessageJson.WriteText(json, kind, text);
        json.WriteEndObject();
        return true;
    }

    private bool WriteCalls(Utf8JsonWriter json, JsonElement message)
    {
        var calls = JsonElements.In(message, "tool_calls", JsonValueKind.Array);
        var any = false;
        foreach (var call in calls.ValueKind == JsonValueKind.Array ? calls.EnumerateArray() : default)
        {
            var function = JsonElements.In(call, "function", JsonValueKind.Object);
            if (function.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            any = true;
            json.WriteStartObject();
            MessageJson.WriteCall(json, call, head);
            json.WritePropertyName("input");
            ToolInput.Write(json, function.TryGetProperty("arguments", out var arguments) ? arguments : default);
            json.WriteEndObject();
        }

        return any;
    }
}
