using System.Text;
using AiRouter.TritonSimulator.Scripts;
using AiRouter.TritonSimulator.Tensors;
using Google.Protobuf;

namespace AiRouter.TritonSimulator.Models;

/// <summary>An answer on its way out: which tokens the next response has, and their text in the family's manner.</summary>
internal sealed class Generation(TextRequest request, Script script, Answer answer)
{
    private readonly MemoryStream? _soFar = request.Cumulative ? new MemoryStream() : null;

    public TextRequest Request { get; } = request;

    public Script Script { get; } = script;

    public Answer Answer { get; } = answer;

    /// <summary>Number of the response's first token.</summary>
    public int First { get; private set; }

    /// <summary>How many tokens the response has.</summary>
    public int Count { get; private set; }

    /// <summary>Which of the sequences it belongs to.</summary>
    public int Sequence { get; set; }

    public bool IsFirst => First == 0;

    public bool IsLast => First + Count == Answer.Tokens.Count;

    /// <summary>Tokens of the answer, 0 when it is empty.</summary>
    public int OutputTokens => Answer.Tokens is [{ Text.IsEmpty: true }] ? 0 : Count;

    public void Advance(int token)
    {
        First = token;
        Count = 1;
        _soFar?.Write(Answer.Tokens[token].Text.Span);
    }

    public void AdvanceToEnd()
    {
        First = 0;
        Count = Answer.Tokens.Count;
    }

    /// <summary>The text of a streamed response: the token, or all up to it.</summary>
    public ByteString TokenText()
    {
        if (_soFar is not null)
        {
            return Elements(Shown(_soFar.GetBuffer().AsMemory(0, (int)_soFar.Length)));
        }

        var token = Answer.Tokens[First];
        return Request.Beams == 1 && !Script.ReplaceHalfCharacters ? token.Tensor : Elements(Shown(token.Text));
    }

    /// <summary>The text of a response with no new token.</summary>
    public ByteString EmptyText()
    {
        return _soFar is null
            ? Elements(ReadOnlyMemory<byte>.Empty)
            : Elements(Shown(_soFar.GetBuffer().AsMemory(0, (int)_soFar.Length - Answer.Tokens[First].Text.Length)));
    }

    /// <summary>The text of the one response to a request that does not stream.</summary>
    public ByteString WholeText()
    {
        var text = Answer.Text();
        return Elements(Shown(Request.EchoPrompt ? (byte[])[.. Encoding.UTF8.GetBytes(Request.Prompt), .. text] : text));
    }

    private ReadOnlyMemory<byte> Shown(ReadOnlyMemory<byte> text)
    {
        return Script.ReplaceHalfCharacters ? Answer.Detokenise(text.Span) : text;
    }

    private ByteString Elements(ReadOnlyMemory<byte> text)
    {
        var elements = new ReadOnlyMemory<byte>[Request.Beams];
        Array.Fill(elements, text);
        return TensorWriter.Bytes(elements);
    }
}
