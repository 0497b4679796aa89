using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Reads a call that is a JSON object: <c>{"name": …, "arguments": {…}}</c> with the keys in any order.
/// <c>parameters</c> stands for <c>arguments</c>, <c>tool_name</c> or <c>function</c> for <c>name</c>, and the two may
/// lie one level down, in <c>function</c>, as in OpenAI's own form.
/// </summary>
internal abstract class JsonObjectParser(OutputContext context) : JsonArgumentsParser(context)
{
    private MemberKind _member;
    private bool _isDone;
    private bool _isNested;
    private Range? _arguments;

    private enum MemberKind
    {
        Unknown,
        Name,
        Function,
        Arguments,
        Id,
        Other,
    }

    /// <summary>Reads one object. Not ok: what was read and is not settled is no call, or no end of one.</summary>
    protected IEnumerable<Pause> Call()
    {
        _isDone = false;
        _isNested = false;
        _arguments = null;
        Ok = Next() == '{';
        if (!Ok)
        {
            yield break;
        }

        Skip(1);
        while (true)
        {
            foreach (var pause in Member())
            {
                yield return pause;
            }

            if (!Ok)
            {
                yield break;
            }

            while (Pending(Blank()))
            {
                yield return default;
            }

            if (Next() == '}' && _isNested)
            {
                _isNested = false;
                Skip(1);
                while (Pending(Blank()))
                {
                    yield return default;
                }
            }

            if (Next() == '}')
            {
                break;
            }

            if (Next() != ',')
            {
                // A call is complete as soon as its arguments are: behind a missing brace markers are markers still.
                Ok = _isDone;
                if (Ok)
                {
                    Drop();
                }

                yield break;
            }

            Skip(1);
        }

        Ok = _isDone || IsNamed;
        if (Ok)
        {
            Skip(1);
            if (!_isDone)
            {
                FinishEmpty();
            }

            Drop();
        }
    }

    private IEnumerable<Pause> Member()
    {
        foreach (var pause in Key())
        {
            yield return pause;
        }

        if (Ok && _member == MemberKind.Function && Next() == '{' && !_isNested)
        {
            _isNested = true;
            Skip(1);
            foreach (var pause in Key())
            {
                yield return pause;
            }
        }

        if (!Ok)
        {
            yield break;
        }

        if (_member == MemberKind.Arguments && IsNamed)
        {
            foreach (var pause in Arguments())
            {
                yield return pause;
            }

            _isDone = Ok;
            yield break;
        }

        StartValue();
        var value = ReadText.Length;
        while (Pending(Value()))
        {
            yield return default;
        }

        Ok = Ok && (_isDone || Keep(value..ReadText.Length));
    }

    private IEnumerable<Pause> Key()
    {
        while (Pending(Blank()))
        {
            yield return default;
        }

        Ok = Next() == '"';
        if (!Ok)
        {
            yield break;
        }

        StartValue();
        var key = ReadText.Length;
        while (Pending(Value()))
        {
            yield return default;
        }

        _member = Ok ? KindOf(ReadText[key..]) : MemberKind.Unknown;
        if (_member == MemberKind.Unknown && !_isDone)
        {
            // An answer that is JSON itself is not held back for long.
            Ok = false;
            yield break;
        }

        while (Pending(Blank()))
        {
            yield return default;
        }

        while (Pending(Literal(":"u8)))
        {
            yield return default;
        }

        if (Ok)
        {
            while (Pending(Blank()))
            {
                yield return default;
            }
        }
    }

    /// <summary>Keeps what a member says of the call.</summary>
    /// <returns>False: this is no call.</returns>
    private bool Keep(Range where)
    {
        var value = ReadText[where];
        var isString = value[0] == '"';
        switch (_member)
        {
            case MemberKind.Name or MemberKind.Function when !IsNamed:
                if (!isString || !TakeJsonName(value))
                {
                    return false;
                }

                if (_arguments is { } arguments)
                {
                    _isDone = ArgumentsBeforeName(arguments);
                    return _isDone;
                }

                return true;
            case MemberKind.Arguments:
                _arguments = where;
                return value[0] is (byte)'{' or (byte)'"' or (byte)'n';
            case MemberKind.Id when isString:
                TakeJsonId(value);
                return true;
            default:
                return true;
        }
    }

    private static MemberKind KindOf(ReadOnlySpan<byte> key) =>
        key.SequenceEqual("\"name\""u8) || key.SequenceEqual("\"tool_name\""u8) ? MemberKind.Name :
        key.SequenceEqual("\"arguments\""u8) || key.SequenceEqual("\"parameters\""u8) ? MemberKind.Arguments :
        key.SequenceEqual("\"function\""u8) ? MemberKind.Function :
        key.SequenceEqual("\"id\""u8) ? MemberKind.Id :
        key.SequenceEqual("\"type\""u8) || key.SequenceEqual("\"tool_call_id\""u8) ? MemberKind.Other :
        MemberKind.Unknown;
}
