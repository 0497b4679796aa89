using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using AiRouter.Api.Dialects.Messages;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Backends.Anthropic.Answers;

/// <summary>
/// The events of a message as chunks of chat. Nothing is written before there is content, so that an error that comes first can still be
/// tried elsewhere.
/// </summary>
/// <param name="created">When it was begun, in seconds since 1970: messages do not say.</param>
internal sealed class ChunkTranslation(long created)
{
    private readonly Dictionary<int, StreamedCall> _calls = [];
    private string _id = "";
    private string _model = "";
    private byte[]? _textOpen;
    private MessageFigures _figures;
    private bool _hasContent;
    private bool _isFinished;

    /// <summary>The stream has come to its end, regular or not: what follows is not read.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Writes the chunks that follow from an event, if any.</summary>
    /// <exception cref="InvalidDataException">It is no event of a message.</exception>
    public void Write(EventFrame frame, IBufferWriter<byte> output)
    {
        if (frame.Data.Trim(" \t"u8).IsEmpty)
        {
            return;
        }

        var reader = new Utf8JsonReader(frame.Data);
        try
        {
            using var document = JsonDocument.ParseValue(ref reader);
            Write(document.RootElement, output);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("An event of the backend is not JSON.", exception);
        }
    }

    private void Write(JsonElement data, IBufferWriter<byte> output)
    {
        switch (JsonElements.TextIn(data, "type"))
        {
            case "message_start":
                Begin(JsonElements.In(data, "message", JsonValueKind.Object));
                break;
            case "content_block_start":
                BeginBlock(data, JsonElements.In(data, "content_block", JsonValueKind.Object), output);
                break;
            case "content_block_delta":
                WriteDelta(data, JsonElements.In(data, "delta", JsonValueKind.Object), output);
                break;
            case "content_block_stop":
                EndBlock(data, output);
                break;
            case "message_delta":
                _figures.Add(JsonElements.In(data, "usage", JsonValueKind.Object));
                Finish(JsonElements.In(data, "delta", JsonValueKind.Object), output);
                break;
            case "message_stop":
                End(output);
                break;
            case "error":
                Fail(JsonElements.In(data, "error", JsonValueKind.Object), output);
                break;
            default:
                // ping, and what will be invented: clients are to ignore events that they do not know.
                break;
        }
    }

    private void Begin(JsonElement message)
    {
        _id = JsonElements.TextIn(message, "id") ?? "";
        _model = JsonElements.TextIn(message, "model") ?? "";
        _figures.Add(JsonElements.In(message, "usage", JsonValueKind.Object));
    }

    private void BeginBlock(JsonElement data, JsonElement block, IBufferWriter<byte> output)
    {
        switch (JsonElements.TextIn(block, "type"))
        {
            case "text":
                WriteText("\"content\":"u8, block, "text", output);
                break;
            case "thinking":
                WriteText("\"reasoning_content\":"u8, block, "thinking", output);
                break;
            case "tool_use":
                BeginCall(data, block, output);
                break;
            default:
                // Thoughts that are encrypted, and tools that have run there already: chat has no word for them.
                break;
        }
    }

    private void WriteDelta(JsonElement data, JsonElement delta, IBufferWriter<byte> output)
    {
        switch (JsonElements.TextIn(delta, "type"))
        {
            case "text_delta":
                WriteText("\"content\":"u8, delta, "text", output);
                break;
            case "thinking_delta":
                WriteText("\"reasoning_content\":"u8, delta, "thinking", output);
                break;
            case "input_json_delta" when _calls.TryGetValue(IndexOf(data), out var call) &&
                JsonElements.HasText(delta, "partial_json", out var arguments):
                call.HasArguments = true;
                using (var chunk = Chunk(output))
                {
                    chunk.BeginCall(call.Index);
                    JsonElements.WriteText(chunk.Json, "arguments", arguments);
                    chunk.EndCall();
                }

                break;
            default:
                break;
        }
    }

    private void WriteText(ReadOnlySpan<byte> name, JsonElement owner, string member, IBufferWriter<byte> output)
    {
        if (!JsonElements.HasText(owner, member, out var text))
        {
            return;
        }

        // One for each token: written without a writer, around the text as it stands in the event.
        Introduce(output);
        _textOpen ??= ChatChunk.TextOpen(_id, created, _model);
        output.Write(_textOpen);
        output.Write(name);
        output.Write(JsonMarshal.GetRawUtf8Value(text));
        output.Write("},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n"u8);
    }

    private void BeginCall(JsonElement data, JsonElement block, IBufferWriter<byte> output)
    {
        var call = new StreamedCall(_calls.Count);
        _calls[IndexOf(data)] = call;

        // Some servers send the whole input at once.
        var input = JsonElements.In(block, "input", JsonValueKind.Object);
        call.HasArguments = input.ValueKind == JsonValueKind.Object && input.GetPropertyCount() > 0;
        using var chunk = Chunk(output);
        chunk.BeginCall(call.Index, JsonElements.TextIn(block, "id") ?? "", JsonElements.TextIn(block, "name") ?? "");
        chunk.Json.WriteString("arguments", call.HasArguments ? JsonElements.RawText(input) : "");
        chunk.EndCall();
    }

    /// <summary>A call without arguments has none; to clients of chat that is an empty object, which they parse.</summary>
    private void EndBlock(JsonElement data, IBufferWriter<byte> output)
    {
        if (_calls.TryGetValue(IndexOf(data), out var call) && !call.HasArguments)
        {
            call.HasArguments = true;
            using var chunk = Chunk(output);
            chunk.BeginCall(call.Index);
            chunk.Json.WriteString("arguments", "{}");
            chunk.EndCall();
        }
    }

    private void Finish(JsonElement delta, IBufferWriter<byte> output)
    {
        if (_isFinished || JsonElements.TextIn(delta, "stop_reason") is not { } reason)
        {
            return;
        }

        _isFinished = true;
        using var chunk = Chunk(output);
        chunk.Json.WriteStartObject("delta");
        chunk.Json.WriteEndObject();
        chunk.FinishReason = FinishReasons.Of(reason);
        chunk.StopSequence = JsonElements.TextIn(delta, "stop_sequence");
    }

    private void End(IBufferWriter<byte> output)
    {
        IsOver = true;
        if (_figures.IsKnown)
        {
            output.Write("data: "u8);
            using (var json = new Utf8JsonWriter(output, MessageJson.Options))
            {
                json.WriteStartObject();
                ChatChunk.WriteHead(json, _id, created, _model);
                json.WriteStartArray("choices");
                json.WriteEndArray();
                ChatUsage.Write(json, _figures);
                json.WriteEndObject();
            }

            output.Write("\n\n"u8);
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    private void Fail(JsonElement error, IBufferWriter<byte> output)
    {
        IsOver = true;
        output.Write("data: "u8);
        using (var json = new Utf8JsonWriter(output, MessageJson.Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("message", JsonElements.TextIn(error, "message"));
            json.WriteString("type", JsonElements.TextIn(error, "type") ?? "api_error");
            json.WriteNull("param");
            json.WriteNull("code");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }

    /// <summary>A chunk with one choice; before the first one, the chunk that introduces it.</summary>
    private ChatChunk Chunk(IBufferWriter<byte> output)
    {
        Introduce(output);
        return new ChatChunk(output, _id, created, _model);
    }

    private void Introduce(IBufferWriter<byte> output)
    {
        if (!_hasContent)
        {
            _hasContent = true;
            using var introduction = new ChatChunk(output, _id, created, _model);
            introduction.Json.WriteStartObject("delta");
            introduction.Json.WriteString("role", "assistant");
            introduction.Json.WriteString("content", "");
            introduction.Json.WriteNull("refusal");
            introduction.Json.WriteEndObject();
        }
    }

    private static int IndexOf(JsonElement data) =>
        data.TryGetProperty("index", out var index) && index.ValueKind == JsonValueKind.Number && index.TryGetInt32(out var i) ? i : -1;

    private sealed class StreamedCall(int index)
    {
        public int Index => index;

        public bool HasArguments { get; set; }
    }
}
