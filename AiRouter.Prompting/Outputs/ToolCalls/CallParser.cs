using System.Text;
using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// What parsers of tool calls share: content around calls, names, and arguments that are handed on as they come.
/// <para>White space before the first call, when nothing else stands there, and between and after calls belongs to
/// nobody. A call begins for the client when its name is known, is one of the request's tools, and its arguments begin;
/// until then the text is held back, and comes out as content, byte for byte, when it is no call after all.</para>
/// <para>A call is complete as soon as its arguments are: what is missing behind them (brackets, markers) does no harm.
/// A call whose arguments break, or are cut off by the answer's end, is never ended: what follows the break is
/// content.</para>
/// </summary>
internal abstract class CallParser(OutputContext context) : TextParser
{
    /// <summary>A name with more bytes is none.</summary>
    public const int NameLimit = 256;

    /// <summary>More white space than this is content wherever it stands.</summary>
    private const int BlankLimit = 1024;

    private readonly byte[] _name = new byte[NameLimit];
    private int _nameLength;
    private byte[][]? _names;
    private byte[] _id = [];
    private bool _isBlank = true;
    private bool _hasCalls;
    private bool _isOpening;

    /// <summary>The request.</summary>
    protected OutputContext Context => context;

    /// <summary>The name of the call that is read, once it is known.</summary>
    protected ReadOnlySpan<byte> CallName => _name.AsSpan(0, _nameLength);

    /// <summary>Whether the client knows of the call that is read.</summary>
    protected bool IsBegun { get; private set; }

    /// <summary>Whether the call that is read has a name.</summary>
    protected bool IsNamed => _nameLength > 0;

    /// <summary>What stands before calls.</summary>
    protected abstract StopStrings Markers { get; }

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Read()
    {
        _isOpening = true;
        foreach (var pause in Opening())
        {
            yield return pause;
        }

        _isOpening = false;
        while (true)
        {
            while (Pending(Find(Markers)))
            {
                yield return default;
            }

            if (!Ok)
            {
                yield break;
            }

            foreach (var pause in Block())
            {
                yield return pause;
            }
        }
    }

    /// <summary>Reads calls that no marker announces, where the answer begins with them.</summary>
    protected virtual IEnumerable<Pause> Opening() => [];

    /// <summary>Reads what stands behind a marker, or gives it up.</summary>
    protected abstract IEnumerable<Pause> Block();

    /// <inheritdoc/>
    protected override int Give(ReadOnlySpan<byte> text)
    {
        if (_isBlank && text.Length < BlankLimit && text.IndexOfAnyExcept(" \n\r\t"u8) < 0)
        {
            if (!IsOver)
            {
                return 0;
            }

            if (_hasCalls)
            {
                return text.Length;
            }
        }

        if (!text.IsEmpty)
        {
            _isBlank = false;
            Sink.Content(text);
        }

        return text.Length;
    }

    /// <summary>
    /// What was read is no call but content; at the answer's beginning, where no marker announced it, text to look for
    /// markers in.
    /// </summary>
    protected void GiveUp()
    {
        _isBlank &= !IsBegun;
        if (_isOpening)
        {
            Back();
            Forget();
            return;
        }

        var text = Take();
        _isBlank &= text.IsEmpty;
        if (!text.IsEmpty)
        {
            Sink.Content(text);
        }

        Forget();
    }

    /// <summary>Takes the model's own id of the call, if it looks like one.</summary>
    protected void TakeId(ReadOnlySpan<byte> id)
    {
        foreach (var next in id)
        {
            if (!IsOfName(next))
            {
                return;
            }
        }

        _id = id.Length > NameLimit ? [] : id.ToArray();
    }

    /// <summary>Takes the call's name.</summary>
    /// <returns>False: there is no such tool.</returns>
    protected bool TakeName(ReadOnlySpan<byte> name)
    {
        _nameLength = 0;
        if (name.IsEmpty || name.Length > NameLimit)
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(name);
        foreach (var known in context.ToolNames)
        {
            if (string.Equals(known, text, StringComparison.Ordinal))
            {
                name.CopyTo(_name);
                _nameLength = name.Length;
                return true;
            }
        }

        return false;
    }

    /// <summary>The client learns of the call.</summary>
    protected virtual void Begin()
    {
        Sink.BeginToolCall(_id, CallName);
        Drop();
        IsBegun = true;
    }

    /// <summary>The call is complete.</summary>
    protected void Finish()
    {
        Sink.EndToolCall();
        Drop();
        _hasCalls = true;
        _isBlank = true;
        Forget();
    }

    /// <summary>A call without arguments.</summary>
    protected void FinishEmpty()
    {
        Begin();
        Sink.Arguments("{}"u8);
        Finish();
    }

    /// <summary>Reads white space and what may stand behind a call, which is no content then, where they are.</summary>
    protected IEnumerable<Pause> Closer(byte[][] closers)
    {
        while (Pending(Blank()))
        {
            yield return default;
        }

        while (Pending(OneOf(closers)))
        {
            yield return default;
        }

        if (Ok)
        {
            Drop();
        }
    }

    /// <summary>Writes the key of an argument; the first one begins the call.</summary>
    protected void BeginArgument(ReadOnlySpan<byte> key)
    {
        var isFirst = !IsBegun;
        if (isFirst)
        {
            Begin();
        }

        Sink.Arguments(isFirst ? "{\""u8 : ", \""u8);
        WriteStringText(key);
        Sink.Arguments("\": "u8);
        Drop();
    }

    /// <summary>
    /// Reads a name, as far as it goes. Its end is what cannot be part of one; a name beyond the limit ends there.
    /// </summary>
    /// <param name="from">Where in what was read it began.</param>
    protected Step Word(int from)
    {
        while (true)
        {
            var next = Next();
            if (next == NeedsMore)
            {
                return Step.More;
            }

            if (next == Over || !IsOfName((byte)next) || ReadText.Length - from > NameLimit)
            {
                return Step.Yes;
            }

            Skip(1);
        }
    }

    /// <summary>
    /// Reads a tool's name where no marker announces it: what cannot become one is not held back any longer.
    /// </summary>
    /// <param name="from">Where in what was read it began.</param>
    protected Step ToolWord(int from)
    {
        var step = Word(from);
        if (step != Step.More)
        {
            return step;
        }

        _names ??= [.. context.ToolNames.Select(Encoding.UTF8.GetBytes)];
        foreach (var name in _names)
        {
            if (name.AsSpan().StartsWith(ReadText[from..]))
            {
                return step;
            }
        }

        return Step.No;
    }

    /// <summary>Hands on text as the inside of a JSON string.</summary>
    protected void WriteStringText(ReadOnlySpan<byte> text) => JsonEscapes.Write(text, Sink);

    private static bool IsOfName(byte next) =>
        char.IsAsciiLetterOrDigit((char)next) || next >= 0x80 || "_-.:/$@"u8.Contains(next);

    private void Forget()
    {
        _nameLength = 0;
        _id = [];
        IsBegun = false;
    }
}
