using System.Buffers;
using System.Globalization;
using System.Text;
using AiRouter.Api.Endpoints;
using AiRouter.Prompting.Outputs;
using AiRouter.Triton;

namespace AiRouter.Api.Streaming;

/// <summary>
/// Writes the chunks of a streamed answer as events. What does not change from chunk to chunk is encoded once a request; a
/// chunk is two copies with the escaped text between them. Measured (<c>ChunkWriterTests</c>): 0 bytes allocated per chunk
/// without log probabilities.
/// </summary>
internal sealed class ChunkWriter
{
    /// <summary>
    /// The most text in one chunk. Escaped it can be six times as long, and clients that read line by line die of lines over
    /// 128 KiB (<c>openai-api.md</c> §2.3).
    /// </summary>
    public const int MaxTextBytes = 16 * 1024;

    /// <summary>Texts up to this are written in one go, with room for the worst that escaping can do.</summary>
    private const int TokenBytes = 128;

    private readonly AnswerDialect _dialect;
    private readonly bool _withLogProbs;
    private readonly byte[] _start;
    private readonly byte[][] _open;
    private readonly byte[][] _textOpen;
    private readonly byte[] _close;
    private readonly byte[] _tail;
    private readonly byte[] _end;

    /// <summary>Encodes what stays the same.</summary>
    /// <param name="dialect">The operation's way of writing.</param>
    /// <param name="head">Id, time and model.</param>
    /// <param name="choices">How many choices there are.</param>
    /// <param name="includeUsage">The client asked for usage: every chunk but the last has <c>usage: null</c> then.</param>
    /// <param name="withLogProbs">The client asked for log probabilities.</param>
    public ChunkWriter(AnswerDialect dialect, AnswerHead head, int choices, bool includeUsage, bool withLogProbs)
    {
        _dialect = dialect;
        _withLogProbs = withLogProbs;
        _start = [.. "data: "u8, .. head.Open(dialect.Chunk), .. ",\"choices\":["u8];
        _open = new byte[choices][];
        _textOpen = new byte[choices][];
        for (var i = 0; i < choices; i++)
        {
            var index = Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture));
            _open[i] = [.. _start, .. "{\"index\":"u8, .. index, (byte)','];
            _textOpen[i] = [.. _open[i], .. dialect.DeltaOpen];
        }

        _end = [.. "}]"u8, .. (includeUsage ? ",\"usage\":null"u8 : default), .. "}\n\n"u8];
        _tail = [.. ",\"logprobs\":null,\"finish_reason\":null"u8, .. _end];
        _close = [.. dialect.DeltaClose, .. _tail];
    }

    /// <summary>The chunk that introduces a choice, where the operation has one.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="choice">Whose.</param>
    /// <param name="isCall">The choice begins with a call: it has no text so far, not even an empty one.</param>
    public void WriteIntroduction(IBufferWriter<byte> writer, int choice, bool isCall = false)
    {
        var introduction = isCall ? _dialect.CallIntroduction : _dialect.Introduction;
        if (introduction.IsEmpty)
        {
            return;
        }

        writer.Write(_open[choice]);
        writer.Write(introduction);
        writer.Write(",\"logprobs\":"u8);
        writer.Write(_withLogProbs ? "{\"content\":[],\"refusal\":null}"u8 : "null"u8);
        writer.Write(",\"finish_reason\":null"u8);
        writer.Write(_end);
    }

    /// <summary>A text of whole code points; as many chunks as it needs, none for an empty one.</summary>
    public void WriteText(IBufferWriter<byte> writer, int choice, VisibleText text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        if (text.Length > MaxTextBytes)
        {
            WriteText(writer, choice, new VisibleText(default, text.Held));
            foreach (var piece in new LongText(text.Piece, MaxTextBytes))
            {
                WriteText(writer, choice, new VisibleText(default, piece));
            }

            return;
        }

        if (text.Length <= TokenBytes)
        {
            WriteToken(writer, _textOpen[choice], text);
            return;
        }

        writer.Write(_textOpen[choice]);
        JsonEscape.Write(writer, text.Held);
        JsonEscape.Write(writer, text.Piece);
        writer.Write(_close);
    }

    /// <summary>A text with the log probabilities of its tokens.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="choice">Whose.</param>
    /// <param name="text">The text; may be empty when tokens have none.</param>
    /// <param name="tokens">The tokens that begin in it.</param>
    /// <param name="textOffset">Code points of the choice's text before it.</param>
    public void WriteText(
        IBufferWriter<byte> writer, int choice, VisibleText text, IReadOnlyList<TokenLogProb> tokens, int textOffset)
    {
        if (tokens.Count == 0)
        {
            WriteText(writer, choice, text);
            return;
        }

        // Tokens go in a chunk of their own behind a text so long that it must be split.
        if (text.Length > MaxTextBytes)
        {
            WriteText(writer, choice, text);
            text = default;
        }

        writer.Write(_textOpen[choice]);
        JsonEscape.Write(writer, text.Held);
        JsonEscape.Write(writer, text.Piece);
        writer.Write(_dialect.DeltaClose);
        writer.Write(",\"logprobs\":"u8);
        _dialect.WriteLogProbs(writer, tokens, textOffset);
        writer.Write(",\"finish_reason\":null"u8);
        writer.Write(_end);
    }

    /// <summary>A chunk whose delta is not text: <paramref name="delta"/> writes it.</summary>
    public void WriteDelta<TDelta>(IBufferWriter<byte> writer, int choice, TDelta delta)
        where TDelta : struct, IDelta, allows ref struct
    {
        writer.Write(_open[choice]);
        writer.Write("\"delta\":"u8);
        delta.WriteTo(writer);
        writer.Write(_tail);
    }

    /// <summary>The last chunk of a choice.</summary>
    public void WriteFinish(IBufferWriter<byte> writer, int choice, ReadOnlySpan<byte> finishReason)
    {
        writer.Write(_open[choice]);
        writer.Write(_dialect.LastDelta);
        writer.Write(",\"logprobs\":null,\"finish_reason\":\""u8);
        writer.Write(finishReason);
        writer.Write("\""u8);
        writer.Write(_end);
    }

    /// <summary>The chunk with the usage, behind all choices.</summary>
    public void WriteUsage(IBufferWriter<byte> writer, TokenUsage usage)
    {
        writer.Write(_start);
        writer.Write("],\"usage\":"u8);
        writer.Write(UsageText.Of(usage));
        writer.Write("}\n\n"u8);
    }

    /// <summary>The end of the stream.</summary>
    public static void WriteDone(IBufferWriter<byte> writer) => writer.Write("data: [DONE]\n\n"u8);

    /// <summary>One look for room instead of five, which are most of the cost of a short text.</summary>
    private void WriteToken(IBufferWriter<byte> writer, ReadOnlySpan<byte> open, VisibleText text)
    {
        var span = writer.GetSpan(open.Length + (text.Length * JsonEscape.MostGrowth) + _close.Length);
        open.CopyTo(span);
        var length = open.Length;
        length += JsonEscape.Write(span[length..], text.Held);
        length += JsonEscape.Write(span[length..], text.Piece);
        _close.CopyTo(span[length..]);
        writer.Advance(length + _close.Length);
    }
}
