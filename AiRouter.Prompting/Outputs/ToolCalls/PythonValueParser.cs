using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Reads a Python literal and hands it on as JSON as it comes: strings, numbers, constants, lists, tuples, dicts.
/// </summary>
internal abstract class PythonValueParser(OutputContext context) : CallParser(context)
{
    private const int MaxDepth = 64;

    private readonly JsonText _number = new();
    private readonly byte[] _closers = new byte[MaxDepth];
    private readonly PythonString _string = new();
    private int _depth;

    /// <summary>Reads white space and this byte.</summary>
    protected IEnumerable<Pause> Expect(byte expected)
    {
        while (Pending(Blank()))
        {
            yield return default;
        }

        Ok = Next() == expected;
        if (Ok)
        {
            Skip(1);
        }
    }

    /// <summary>Reads and writes one value. Not ok: it broke, and what can be read on is where it did.</summary>
    protected IEnumerable<Pause> Value()
    {
        _depth = 0;
        do
        {
            // A value comes, or the end of a collection that is empty or had a comma behind its last item.
            while (Pending(Blank()))
            {
                yield return default;
            }

            var isEmpty = _depth > 0 && Next() == _closers[_depth - 1];
            foreach (var pause in isEmpty ? [] : One())
            {
                yield return pause;
            }

            if (!Ok)
            {
                yield break;
            }

            if (IsOpened && !isEmpty)
            {
                continue;
            }

            foreach (var pause in AfterValue())
            {
                yield return pause;
            }
        }
        while (Ok && _depth > 0);
    }

    private bool IsOpened { get; set; }

    private bool IsDict => _depth > 0 && _closers[_depth - 1] == '}';

    /// <summary>Reads one scalar, or the opening bracket of a collection; of a dict its key before.</summary>
    private IEnumerable<Pause> One()
    {
        IsOpened = false;
        if (IsDict)
        {
            Ok = Next() is '"' or '\'';
            foreach (var pause in Ok ? String() : [])
            {
                yield return pause;
            }

            foreach (var pause in Ok ? Expect((byte)':') : [])
            {
                yield return pause;
            }

            if (!Ok)
            {
                yield break;
            }

            Sink.Arguments(": "u8);
            Drop();
            while (Pending(Blank()))
            {
                yield return default;
            }
        }

        switch (Next())
        {
            case '"' or '\'':
                foreach (var pause in String())
                {
                    yield return pause;
                }

                break;
            case '[' or '(' or '{':
                Ok = Open();
                break;
            default:
                var start = ReadText.Length;
                while (Pending(Scalar(start)))
                {
                    yield return default;
                }

                Ok = WriteScalar(ReadText[start..]);
                break;
        }
    }

    private IEnumerable<Pause> AfterValue()
    {
        while (_depth > 0)
        {
            while (Pending(Blank()))
            {
                yield return default;
            }

            var isComma = Next() == ',';
            if (isComma)
            {
                Skip(1);
                while (Pending(Blank()))
                {
                    yield return default;
                }
            }

            if (Next() == _closers[_depth - 1])
            {
                Skip(1);
                Sink.Arguments(IsDict ? "}"u8 : "]"u8);
                _depth--;
                Drop();
                continue;
            }

            Ok = isComma;
            if (Ok)
            {
                Sink.Arguments(", "u8);
                Drop();
            }

            yield break;
        }

        Ok = true;
    }

    private bool Open()
    {
        if (_depth == MaxDepth)
        {
            return false;
        }

        _closers[_depth] = Next() switch { '[' => (byte)']', '(' => (byte)')', _ => (byte)'}' };
        _depth++;
        IsOpened = true;
        Sink.Arguments(IsDict ? "{"u8 : "["u8);
        Skip(1);
        Drop();
        return true;
    }

    /// <summary>Numbers and constants are held back until their end is seen.</summary>
    private Step Scalar(int from)
    {
        while (true)
        {
            var next = Next();
            if (next == NeedsMore)
            {
                return Step.More;
            }

            if (next == Over || !(char.IsAsciiLetterOrDigit((char)next) || next is '-' or '+' or '.' or '_') ||
                ReadText.Length - from > NameLimit)
            {
                return Step.Yes;
            }

            Skip(1);
        }
    }

    private bool WriteScalar(ReadOnlySpan<byte> text)
    {
        var word = PythonWords.ToJson(text);
        if (word.IsEmpty && _number.IsWhole(text))
        {
            word = text;
        }

        if (word.IsEmpty)
        {
            return false;
        }

        Sink.Arguments(word);
        Drop();
        return true;
    }

    private IEnumerable<Pause> String()
    {
        var quote = (byte)Next();
        Skip(1);
        var closer = 1;
        while (Next() == NeedsMore)
        {
            yield return default;
        }

        if (Next() == quote)
        {
            // Two quotes are an empty string, three open a long one.
            Skip(1);
            while (Next() == NeedsMore)
            {
                yield return default;
            }

            if (Next() != quote)
            {
                Sink.Arguments("\"\""u8);
                Drop();
                Ok = true;
                yield break;
            }

            Skip(1);
            closer = 3;
        }

        Drop();
        Sink.Arguments("\""u8);
        _string.Start(quote, closer);
        while (Pending(StringText()))
        {
            yield return default;
        }

        if (Ok)
        {
            Sink.Arguments("\""u8);
        }
    }

    private Step StringText()
    {
        while (true)
        {
            var unread = Unread;
            if (unread.IsEmpty)
            {
                return IsOver ? Step.No : Step.More;
            }

            var isEnd = _string.Read(unread, out var taken, out var decoded);
            WriteStringText(decoded);
            Skip(taken);
            Drop();
            if (isEnd)
            {
                return Step.Yes;
            }
        }
    }
}
