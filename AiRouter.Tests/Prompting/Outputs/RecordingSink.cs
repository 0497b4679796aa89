using System.Buffers;
using System.Text;
using System.Text.Unicode;
using AiRouter.Prompting.Outputs;

namespace AiRouter.Tests.Prompting.Outputs;

/// <summary>Writes down what a parser tells, pieces of one part put together.</summary>
public sealed class RecordingSink : IOutputSink
{
    private readonly List<string> _parts = [];
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private string? _kind;
    private bool _isInCall;

    /// <summary>
    /// <c>content: …</c>, <c>reasoning: …</c>, <c>call name {…}</c> (<c>name#id</c> when the model gave one), and <c>cut name …</c>
    /// for a call that was not ended.
    /// </summary>
    public IReadOnlyList<string> Parts
    {
        get
        {
            Close();
            return _parts;
        }
    }

    /// <summary>Pieces told.</summary>
    public int Pieces { get; private set; }

    /// <summary>Whether every piece was whole code points.</summary>
    public bool IsWhole { get; private set; } = true;

    public void Content(ReadOnlySpan<byte> text) => Add("content: ", text);

    public void Reasoning(ReadOnlySpan<byte> text) => Add("reasoning: ", text);

    public void BeginToolCall(ReadOnlySpan<byte> id, ReadOnlySpan<byte> name)
    {
        Close();
        _isInCall = true;
        _kind = Encoding.UTF8.GetString(name) + (id.IsEmpty ? "" : "#" + Encoding.UTF8.GetString(id)) + " ";
    }

    public void Arguments(ReadOnlySpan<byte> json)
    {
        Assert.True(_isInCall);
        Write(json);
    }

    public void EndToolCall()
    {
        Assert.True(_isInCall);
        _isInCall = false;
        _kind = "call " + _kind;
        Close();
    }

    private void Add(string kind, ReadOnlySpan<byte> text)
    {
        Assert.False(text.IsEmpty);
        if (_kind != kind)
        {
            Close();
            _kind = kind;
        }

        Write(text);
    }

    private void Write(ReadOnlySpan<byte> text)
    {
        Pieces++;
        IsWhole &= Utf8.IsValid(text);
        _bytes.Write(text);
    }

    private void Close()
    {
        if (_kind is not null)
        {
            _parts.Add((_isInCall ? "cut " : "") + _kind + Encoding.UTF8.GetString(_bytes.WrittenSpan));
        }

        _kind = null;
        _isInCall = false;
        _bytes.ResetWrittenCount();
    }
}
