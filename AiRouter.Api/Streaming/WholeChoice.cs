using System.Buffers;
using AiRouter.Prompting.Outputs;
using AiRouter.Triton;

namespace AiRouter.Api.Streaming;

/// <summary>Puts the parts of a choice together, for an answer that goes out in one piece.</summary>
/// <param name="withLogProbs">Log probabilities are wanted.</param>
/// <param name="style">How reasoning and calls are written.</param>
internal sealed class WholeChoice(bool withLogProbs, AnswerStyle style) : IAnswerParts, IDisposable
{
    private readonly PooledBufferWriter _text = new();
    private readonly List<TokenLogProb>? _logProbs = withLogProbs ? [] : null;
    private readonly List<Call> _calls = [];
    private PooledBufferWriter? _reasoning;

    /// <summary>The text.</summary>
    public ReadOnlySpan<byte> Text => _text.WrittenSpan;

    /// <summary>The log probabilities of its tokens; null when they are not wanted.</summary>
    public IReadOnlyList<TokenLogProb>? LogProbs => _logProbs;

    /// <summary>Whether there is a call.</summary>
    public bool HasCalls => _calls.Count > 0;

    /// <inheritdoc/>
    public void Content(VisibleText text, IReadOnlyList<TokenLogProb> tokens, int textOffset)
    {
        _text.Write(text.Held);
        _text.Write(text.Piece);
        _logProbs?.AddRange(tokens);
    }

    /// <inheritdoc/>
    public void Reasoning(ReadOnlySpan<byte> text) => (_reasoning ??= new PooledBufferWriter()).Write(text);

    /// <inheritdoc/>
    public void BeginCall(int index, string id, ReadOnlySpan<byte> name) => _calls.Add(new Call(id, name.ToArray()));

    /// <inheritdoc/>
    public void Arguments(int index, ReadOnlySpan<byte> json) => _calls[index].Arguments.Write(json);

    /// <summary>Writes the message's members for the reasoning, if there is any, each with a comma before it.</summary>
    public void WriteReasoning(IBufferWriter<byte> writer)
    {
        if (_reasoning is null)
        {
            return;
        }

        writer.Write(",\"reasoning_content\":\""u8);
        JsonEscape.Write(writer, _reasoning.WrittenSpan);
        writer.Write("\""u8);
        if (style.RepeatsReasoning)
        {
            writer.Write(",\"reasoning\":\""u8);
            JsonEscape.Write(writer, _reasoning.WrittenSpan);
            writer.Write("\""u8);
        }
    }

    /// <summary>Writes the message's member for the calls, if there are any, with a comma before it.</summary>
    public void WriteCalls(IBufferWriter<byte> writer)
    {
        if (!HasCalls)
        {
            return;
        }

        if (style.IsLegacyCall)
        {
            writer.Write(",\"function_call\":"u8);
            WriteFunction(writer, _calls[0]);
            return;
        }

        writer.Write(",\"tool_calls\":["u8);
        for (var i = 0; i < _calls.Count; i++)
        {
            writer.Write(i == 0 ? "{\"id\":\""u8 : ",{\"id\":\""u8);
            JsonEscape.Write(writer, _calls[i].Id);
            writer.Write("\",\"type\":\"function\",\"function\":"u8);
            WriteFunction(writer, _calls[i]);
            writer.Write("}"u8);
        }

        writer.Write("]"u8);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _text.Dispose();
        _reasoning?.Dispose();
        _calls.ForEach(c => c.Arguments.Dispose());
    }

    private static void WriteFunction(IBufferWriter<byte> writer, Call call)
    {
        writer.Write("{\"name\":\""u8);
        JsonEscape.Write(writer, call.Name);
        writer.Write("\",\"arguments\":\""u8);
        JsonEscape.Write(writer, call.Arguments.WrittenSpan);
        writer.Write("\"}"u8);
    }

    private sealed record Call(string Id, byte[] Name)
    {
        public PooledBufferWriter Arguments { get; } = new();
    }
}
