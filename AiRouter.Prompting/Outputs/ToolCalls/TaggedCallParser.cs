using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Reads calls whose arguments stand between tags, and writes them as JSON. A value that the tool's schema has as a
/// string is handed on as it comes, as is an object or a list; any other is held back, up to a limit, until it is known
/// whether it is JSON or text.
/// </summary>
internal sealed class TaggedCallParser(OutputContext context, TaggedCallStyle style) : JsonArgumentsParser(context)
{
    /// <summary>A value of unknown type that is longer than this is text.</summary>
    private const int ValueLimit = 4 * 1024;

    private readonly byte[][] _afterArgument = [style.KeyOpener, style.CallCloser];
    private readonly byte[][] _valueCloser = [style.ValueCloser];
    private readonly JsonText _value = new();
    private bool _isInValue;
    private bool _isText;

    /// <inheritdoc/>
    protected override StopStrings Markers => style.Markers;

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Block()
    {
        foreach (var pause in Head())
        {
            yield return pause;
        }

        while (Ok)
        {
            while (Pending(Blank()))
            {
                yield return default;
            }

            while (Pending(OneOf(_afterArgument)))
            {
                yield return default;
            }

            if (Ok && Found == 0)
            {
                foreach (var pause in Argument())
                {
                    yield return pause;
                }
            }
            else if (Ok)
            {
                break;
            }
        }

        if (!Ok)
        {
            GiveUp();
            yield break;
        }

        if (IsBegun)
        {
            Sink.Arguments("}"u8);
            Finish();
        }
        else
        {
            FinishEmpty();
        }

        foreach (var pause in Closer(style.Closers))
        {
            yield return pause;
        }
    }

    /// <inheritdoc/>
    protected override int Give(ReadOnlySpan<byte> text)
    {
        if (!_isInValue)
        {
            return base.Give(text);
        }

        if (!_isText)
        {
            if (text.Length <= ValueLimit && !IsOver)
            {
                return 0;
            }

            _isText = true;
            Sink.Arguments("\""u8);
        }

        WriteStringText(text);
        return text.Length;
    }

    private IEnumerable<Pause> Head()
    {
        while (Pending(Blank()))
        {
            yield return default;
        }

        if (!style.Markers.Texts[Found].AsSpan().EndsWith("="))
        {
            while (Pending(Literal(style.NameOpener)))
            {
                yield return default;
            }

            if (!Ok)
            {
                yield break;
            }
        }

        var name = ReadText.Length;
        while (Pending(Word(name)))
        {
            yield return default;
        }

        Ok = TakeName(ReadText[name..]);
        while (Ok && Pending(Literal(style.NameCloser)))
        {
            yield return default;
        }
    }

    private IEnumerable<Pause> Argument()
    {
        var key = ReadText.Length;
        while (Pending(Key(key)))
        {
            yield return default;
        }

        var end = ReadText.Length;
        while (Ok && Pending(Literal(style.KeyCloser)))
        {
            yield return default;
        }

        if (Ok && style.ValueOpener.Length > 0)
        {
            while (Pending(Blank()))
            {
                yield return default;
            }

            while (Pending(Literal(style.ValueOpener)))
            {
                yield return default;
            }
        }

        if (!Ok)
        {
            yield break;
        }

        var type = ValueTypes.Of(Context.Tools, CallName, ReadText[key..end]);
        BeginArgument(ReadText[key..end]);
        while (style.IsValueOnLines && Pending(Literal("\n"u8)))
        {
            yield return default;
        }

        Drop();
        if (type == ValueType.Structure)
        {
            while (Next() == NeedsMore)
            {
                yield return default;
            }

            if (Next() is '{' or '[')
            {
                foreach (var pause in Structure())
                {
                    yield return pause;
                }

                yield break;
            }
        }

        _isInValue = true;
        _isText = type == ValueType.Text;
        if (_isText)
        {
            Sink.Arguments("\""u8);
        }

        while (Pending(Find(style.ValueClosers)))
        {
            yield return default;
        }

        _isInValue = false;
        if (Ok)
        {
            EndValue(ReadText[..^style.ValueClosers.Texts[Found].Length]);
            Drop();
        }
    }

    private IEnumerable<Pause> Structure()
    {
        _value.Start();
        while (Pending(HandOnUnread(_value)))
        {
            yield return default;
        }

        if (!Ok)
        {
            yield break;
        }

        foreach (var pause in Closer(_valueCloser))
        {
            yield return pause;
        }
    }

    private Step Key(int from)
    {
        while (true)
        {
            var next = Next();
            if (next == NeedsMore)
            {
                return Step.More;
            }

            if (next is Over or '<' or '>' or '\n' || ReadText.Length - from >= NameLimit)
            {
                return ReadText.Length > from ? Step.Yes : Step.No;
            }

            Skip(1);
        }
    }

    /// <summary>Writes a value that was held back, or ends a string that was not.</summary>
    private void EndValue(ReadOnlySpan<byte> value)
    {
        if (_isText)
        {
            Sink.Arguments("\""u8);
            return;
        }

        var trimmed = value.Trim(" \n\r\t"u8);
        if (_value.IsWhole(trimmed))
        {
            Sink.Arguments(trimmed);
        }
        else if (PythonWords.ToJson(trimmed) is { Length: > 0 } word)
        {
            Sink.Arguments(word);
        }
        else
        {
            Sink.Arguments("\""u8);
            WriteStringText(value);
            Sink.Arguments("\""u8);
        }
    }
}
