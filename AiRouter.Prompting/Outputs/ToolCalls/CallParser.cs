using System.Text;
using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// What parsers of tool calls share: content around calls, names, and arguments that are handed on as they come.
/// <para>White space before the first call, when nothing else stands there, and between and after calls belongs to nobody.
/// A call begins for the client when its name is known, is one of the request's tools, and its arguments begin; until then
/// the text is held back, and comes out as content, byte for byte, when it is no call after all.</para>
/// <para>A call is complete as soon as its arguments are: what is missing behind them (brackets, markers) does no harm. A
/// call whose arguments break, or are cut off by the answer's end, is never ended: what follows the break is content.</para>
/// </summary>
internal abstract class CallParser(OutputContext context) : TextParser
{
    /// <summary>A name with more bytes is none.</summary>
    public const int NameLimit = 256;

    /// <summary>More white space than this is content wherever it stands.</summary>
    private const int BlankLimit = 1024;

    private static readonly byte[][] Escapes =
        [.. Enumerable.Range(0, 0x20).Select(i => Encoding.UTF8.GetBytes(EscapeOf((char)i)))];

    private readonly JsonText _json = new();
    private readonly JsonString _string = new();
    private readonly byte[] _name = new byte[NameLimit];
    private int _nameLength;
    private byte[] _id = [];
    private bool _isBlank = true;
    private bool _hasCalls;
    private bool _isBegun;
    private bool _isComplete;

    /// <summary>The request.</summary>
    protected OutputContext Context => context;

    /// <summary>The name of the call that is read, once it is known.</summary>
    protected ReadOnlySpan<byte> CallName => _name.AsSpan(0, _nameLength);

    /// <summary>Whether the call that is read has a name.</summary>
    protected bool IsNamed => _nameLength > 0;

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

    /// <summary>What was read is no call.</summary>
    protected void GiveUp()
    {
        var text = Take();
        if (!text.IsEmpty)
        {
            _isBlank = false;
            Sink.Content(text);
        }

        Forget();
    }

    /// <summary>The model's own id of the call.</summary>
    protected void TakeId(ReadOnlySpan<byte> id) => _id = id.ToArray();

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

    /// <summary>Takes the name from a JSON string, quotes included.</summary>
    protected bool TakeJsonName(ReadOnlySpan<byte> json)
    {
        Span<byte> name = stackalloc byte[NameLimit];
        return TryDecode(json[1..], name, out var length) && TakeName(name[..length]);
    }

    /// <summary>Takes the id from a JSON string, quotes included.</summary>
    protected void TakeJsonId(ReadOnlySpan<byte> json)
    {
        Span<byte> id = stackalloc byte[NameLimit];
        if (TryDecode(json[1..], id, out var length))
        {
            TakeId(id[..length]);
        }
    }

    /// <summary>The client learns of the call.</summary>
    protected void Begin()
    {
        Sink.BeginToolCall(_id, CallName);
        Drop();
        _isBegun = true;
        _json.Start();
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

    /// <summary>Reads the arguments of the call whose name is known, and ends it.</summary>
    protected IEnumerable<Pause> Arguments()
    {
        while (Pending(Blank()))
        {
            yield return default;
        }

        switch (Next())
        {
            case '{':
                Begin();
                while (Pending(ArgumentsObject()))
                {
                    yield return default;
                }

                break;
            case '"':
                Skip(1);
                _string.Start();
                while (Pending(ArgumentsString()))
                {
                    yield return default;
                }

                break;
            case 'n':
                while (Pending(Literal("null"u8)))
                {
                    yield return default;
                }

                if (Ok)
                {
                    FinishEmpty();
                }

                yield break;
            default:
                Ok = false;
                break;
        }

        if (Ok)
        {
            Finish();
        }
    }

    /// <summary>Hands on arguments that came before the name: a JSON value that was read whole.</summary>
    /// <returns>False: it is no object.</returns>
    protected bool ArgumentsBeforeName(Range where)
    {
        var json = ReadText[where];
        switch (json[0])
        {
            case (byte)'{':
                Begin();
                HandOn(json, out _);
                Finish();
                return true;
            case (byte)'n':
                FinishEmpty();
                return true;
            case (byte)'"':
                _string.Start();
                var verdict = JsonVerdict.More;
                for (json = json[1..]; verdict == JsonVerdict.More;)
                {
                    verdict = _string.Read(json, out var taken, out var decoded);
                    json = json[taken..];
                    if (!HandOnDecoded(decoded))
                    {
                        return false;
                    }
                }

                return EndString() == Step.Yes && FinishString();
            default:
                return false;
        }
    }

    /// <summary>A JSON value comes.</summary>
    protected void StartValue() => _json.Start();

    /// <summary>Reads a JSON value that is held back.</summary>
    protected Step Value()
    {
        while (true)
        {
            var unread = Unread;
            var room = HeadLimit - ReadText.Length;
            var verdict = _json.Read(unread.Length > room ? unread[..room] : unread, out var taken);
            Skip(taken);
            switch (verdict)
            {
                case JsonVerdict.Complete:
                    return Step.Yes;
                case JsonVerdict.Broken:
                    return Step.No;
                case JsonVerdict.Control:
                    Skip(1);
                    break;
                default:
                    return Next() == NeedsMore ? Step.More : Step.No;
            }
        }
    }

    private void Forget()
    {
        _nameLength = 0;
        _id = [];
        _isBegun = false;
        _isComplete = false;
    }

    private Step ArgumentsObject()
    {
        var verdict = HandOn(Unread, out var taken);
        Skip(taken);
        Drop();
        return verdict switch
        {
            JsonVerdict.Complete => Step.Yes,
            JsonVerdict.More when !IsOver => Step.More,
            _ => Step.No,
        };
    }

    /// <summary>Arguments as a JSON string that contains JSON.</summary>
    private Step ArgumentsString()
    {
        while (true)
        {
            switch (Next())
            {
                case NeedsMore:
                    return Step.More;
                case Over:
                    return Step.No;
                default:
                    break;
            }

            var verdict = _string.Read(Unread, out var taken, out var decoded);
            Skip(taken);
            if (verdict == JsonVerdict.Broken || !HandOnDecoded(decoded))
            {
                return Step.No;
            }

            if (_isBegun)
            {
                Drop();
            }

            if (verdict == JsonVerdict.Complete)
            {
                return EndString();
            }
        }
    }

    private bool HandOnDecoded(ReadOnlySpan<byte> json)
    {
        if (!_isBegun)
        {
            json = json.TrimStart(" \n\r\t"u8);
            if (json.IsEmpty)
            {
                return true;
            }

            if (json[0] != '{')
            {
                return false;
            }

            Begin();
        }

        if (!_isComplete)
        {
            var verdict = HandOn(json, out _);
            _isComplete = verdict == JsonVerdict.Complete;
            return verdict != JsonVerdict.Broken;
        }

        return true;
    }

    private Step EndString()
    {
        if (!_isBegun)
        {
            Begin();
            Sink.Arguments("{}"u8);
            return Step.Yes;
        }

        return _isComplete ? Step.Yes : Step.No;
    }

    private bool FinishString()
    {
        Finish();
        return true;
    }

    /// <summary>Hands arguments on, as the model wrote them; only bare control characters in strings become escapes.</summary>
    private JsonVerdict HandOn(ReadOnlySpan<byte> json, out int taken)
    {
        taken = 0;
        while (true)
        {
            var verdict = _json.Read(json[taken..], out var length);
            if (length > 0)
            {
                Sink.Arguments(json.Slice(taken, length));
                taken += length;
            }

            if (verdict != JsonVerdict.Control)
            {
                return verdict;
            }

            Sink.Arguments(Escapes[json[taken]]);
            taken++;
        }
    }

    private bool TryDecode(ReadOnlySpan<byte> json, Span<byte> target, out int length)
    {
        _string.Start();
        length = 0;
        while (true)
        {
            var verdict = _string.Read(json, out var taken, out var decoded);
            if (verdict == JsonVerdict.Broken || json.IsEmpty || length + decoded.Length > target.Length)
            {
                return false;
            }

            decoded.CopyTo(target[length..]);
            length += decoded.Length;
            json = json[taken..];
            if (verdict == JsonVerdict.Complete)
            {
                return true;
            }
        }
    }

    private static string EscapeOf(char control) => control switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        _ => $"\\u{(int)control:x4}",
    };
}
