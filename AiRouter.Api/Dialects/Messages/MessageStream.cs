using System.Buffers;
using System.Text.Json;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>
/// Chunks of chat as the events of a message. Anthropic's order: one block after the other, each begun and ended; reasons and figures
/// behind them all, so they are kept until the end.
/// </summary>
internal sealed class MessageStream(DialectHead head, IReadOnlyList<string> stopSequences)
{
    private readonly StreamBlocks _blocks = new(head);
    private bool _hasBegun;
    private string? _finish;
    private string? _matched;
    private bool _isRefusal;
    private MessageUsage? _usage;

    /// <summary>See <see cref="IAnswerTranslation.WriteChunk"/>.</summary>
    public void WriteChunk(JsonElement chunk, IBufferWriter<byte> output)
    {
        Begin(output);
        if (JsonElements.In(chunk, "usage", JsonValueKind.Object) is { ValueKind: JsonValueKind.Object } usage)
        {
            _usage = MessageUsage.Read(usage);
        }

        var choices = JsonElements.In(chunk, "choices", JsonValueKind.Array);
        foreach (var choice in choices.ValueKind == JsonValueKind.Array ? choices.EnumerateArray() : default)
        {
            // A message is one answer; a client that has asked for more of them with chat's own word gets the first.
            if (choice.ValueKind == JsonValueKind.Object && IndexOf(choice) == 0)
            {
                WriteChoice(choice, output);
            }
        }
    }

    /// <summary>See <see cref="IAnswerTranslation.TryWriteText"/>.</summary>
    public bool TryWriteText(in TextDelta delta, IBufferWriter<byte> output) =>
        _blocks.TryWriteText(delta.IsThought ? BlockKind.Thinking : BlockKind.Text, delta.Quoted, output);

    /// <summary>See <see cref="IAnswerTranslation.WriteEnd"/>.</summary>
    public void WriteEnd(IBufferWriter<byte> output)
    {
        Begin(output);
        _blocks.Close(output);
        using (var frame = new EventWriter(output, "message_delta"))
        {
            frame.Json.WriteStartObject("delta");
            StopReason.Of(_finish, _matched, stopSequences, _blocks.HasCalls, _isRefusal).Write(frame.Json);
            frame.Json.WriteEndObject();
            frame.Json.WritePropertyName("usage");
            (_usage ?? MessageUsage.Unknown).Write(frame.Json);
        }

        new EventWriter(output, "message_stop").Dispose();
    }

    /// <summary>The figures of the input may not be known yet; those of the end replace them.</summary>
    private void Begin(IBufferWriter<byte> output)
    {
        if (_hasBegun)
        {
            return;
        }

        _hasBegun = true;
        using var frame = new EventWriter(output, "message_start");
        frame.Json.WriteStartObject("message");
        MessageJson.WriteHead(frame.Json, head);
        frame.Json.WriteStartArray("content");
        frame.Json.WriteEndArray();
        frame.Json.WriteNull("stop_reason");
        frame.Json.WriteNull("stop_sequence");
        frame.Json.WriteStartObject("usage");
        frame.Json.WriteNumber("input_tokens", head.Input() ?? 0);
        frame.Json.WriteNumber("output_tokens", 0);
        frame.Json.WriteEndObject();
        frame.Json.WriteEndObject();
    }

    private void WriteChoice(JsonElement choice, IBufferWriter<byte> output)
    {
        var delta = JsonElements.In(choice, "delta", JsonValueKind.Object);
        if (delta.ValueKind == JsonValueKind.Object)
        {
            WriteDelta(delta, output);
        }

        if (JsonElements.TextIn(choice, "finish_reason") is { Length: > 0 } finish)
        {
            _finish = finish;
            _matched = StopReason.MatchedIn(choice);
        }
    }

    private void WriteDelta(JsonElement delta, IBufferWriter<byte> output)
    {
        if (!_blocks.WriteText(delta, "reasoning_content", BlockKind.Thinking, output))
        {
            _blocks.WriteText(delta, "reasoning", BlockKind.Thinking, output);
        }

        _blocks.WriteText(delta, "content", BlockKind.Text, output);
        _isRefusal |= _blocks.WriteText(delta, "refusal", BlockKind.Text, output);
        var calls = JsonElements.In(delta, "tool_calls", JsonValueKind.Array);
        foreach (var call in calls.ValueKind == JsonValueKind.Array ? calls.EnumerateArray() : default)
        {
            _blocks.WriteCall(call, output);
        }
    }

    private static int IndexOf(JsonElement choice) =>
        choice.TryGetProperty("index", out var index) && index.ValueKind == JsonValueKind.Number && index.TryGetInt32(out var i) ? i : 0;
}
