using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// What parsers of calls share whose arguments are JSON: they are checked, and handed on as the model wrote them.
/// </summary>
internal abstract class JsonArgumentsParser(OutputContext context) : CallParser(context)
{
    private readonly JsonText _json = new();
    private readonly JsonString _string = new();
    private bool _isComplete;

    /// <inheritdoc/>
    protected override void Begin()
    {
        base.Begin();
        _json.Start();
        _isComplete = false;
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
                while (Pending(HandOnUnread(_json)))
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
                HandOn(_json, json, out _);
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
                    if (!HandOnDecoded(decoded, out _))
                    {
                        return false;
                    }
                }

                if (EndString() != Step.Yes)
                {
                    return false;
                }

                Finish();
                return true;
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
            var verdict = _json.Read(Head, out var taken);
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

    /// <summary>What has come, up to the limit of a head.</summary>
    private ReadOnlySpan<byte> Head => Unread[..Math.Min(Unread.Length, HeadLimit - ReadText.Length)];

    /// <summary>Hands what has come of a JSON text on.</summary>
    protected Step HandOnUnread(JsonText text)
    {
        var verdict = HandOn(text, Unread, out var taken);
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

            var unread = IsBegun ? Unread : Head;
            var verdict = _string.Read(unread, out var taken, out var decoded);
            var isGood = HandOnDecoded(decoded, out var good) && verdict != JsonVerdict.Broken;
            if (!isGood && unread.Overlaps(decoded))
            {
                // What follows the break is read again: a run of plain text may hold a marker.
                taken = good;
            }

            Skip(taken);
            if (IsBegun)
            {
                Drop();
            }

            if (!isGood)
            {
                return Step.No;
            }

            if (verdict == JsonVerdict.Complete)
            {
                return EndString();
            }
        }
    }

    private bool HandOnDecoded(ReadOnlySpan<byte> json, out int good)
    {
        good = 0;
        if (!IsBegun)
        {
            good = json.IndexOfAnyExcept(" \n\r\t"u8);
            if (good < 0)
            {
                return true;
            }

            json = json[good..];
            if (json[0] != '{')
            {
                return false;
            }

            Begin();
        }

        if (_isComplete)
        {
            return true;
        }

        var verdict = HandOn(_json, json, out var taken);
        good += taken;
        _isComplete = verdict == JsonVerdict.Complete;
        return verdict != JsonVerdict.Broken;
    }

    private Step EndString()
    {
        if (!IsBegun)
        {
            Begin();
            Sink.Arguments("{}"u8);
            return Step.Yes;
        }

        return _isComplete ? Step.Yes : Step.No;
    }

    /// <summary>
    /// Hands arguments on, as the model wrote them; only bare control characters in strings become escapes.
    /// </summary>
    protected JsonVerdict HandOn(JsonText text, ReadOnlySpan<byte> json, out int taken)
    {
        taken = 0;
        while (true)
        {
            var verdict = text.Read(json[taken..], out var length);
            if (length > 0)
            {
                Sink.Arguments(json.Slice(taken, length));
                taken += length;
            }

            if (verdict != JsonVerdict.Control)
            {
                return verdict;
            }

            Sink.Arguments(JsonEscapes.Of(json[taken]));
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
}
