using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>Reads the form of <see cref="PythonicFormat"/> and writes the arguments as JSON, piece by piece.</summary>
internal sealed class PythonicParser(OutputContext context) : PythonValueParser(context)
{
    private static readonly byte[][] Closers = ["<|python_end|>"u8.ToArray()];
    private static readonly StopStrings Start = new(["<|python_start|>"]);

    /// <inheritdoc/>
    protected override StopStrings Markers => Start;

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Opening()
    {
        while (Pending(Blank()))
        {
            yield return default;
        }

        if (Next() == '[')
        {
            foreach (var pause in Block())
            {
                yield return pause;
            }
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Block()
    {
        foreach (var pause in Expect((byte)'['))
        {
            yield return pause;
        }

        while (Ok)
        {
            foreach (var pause in Call())
            {
                yield return pause;
            }

            if (!Ok)
            {
                break;
            }

            while (Pending(Blank()))
            {
                yield return default;
            }

            Ok = Next() is ',' or ']';
            if (Ok)
            {
                var isLast = Next() == ']';
                Skip(1);
                if (isLast)
                {
                    Drop();
                    break;
                }
            }
        }

        if (!Ok)
        {
            GiveUp();
            yield break;
        }

        foreach (var pause in Closer(Closers))
        {
            yield return pause;
        }
    }

    private IEnumerable<Pause> Call()
    {
        while (Pending(Blank()))
        {
            yield return default;
        }

        var name = ReadText.Length;
        while (Pending(ToolWord(name)))
        {
            yield return default;
        }

        Ok = Ok && TakeName(ReadText[name..]);
        if (!Ok)
        {
            yield break;
        }

        foreach (var pause in Expect((byte)'('))
        {
            yield return pause;
        }

        while (Pending(Ok ? Blank() : Step.No))
        {
            yield return default;
        }

        if (Ok && Next() == ')')
        {
            Skip(1);
            FinishEmpty();
            yield break;
        }

        while (Ok)
        {
            foreach (var pause in Argument())
            {
                yield return pause;
            }

            while (Pending(Ok ? Blank() : Step.No))
            {
                yield return default;
            }

            if (!Ok)
            {
                yield break;
            }

            // A comma may also stand behind the last one.
            var isComma = Next() == ',';
            if (isComma)
            {
                Skip(1);
                while (Pending(Blank()))
                {
                    yield return default;
                }
            }

            if (Next() == ')')
            {
                Skip(1);
                Sink.Arguments("}"u8);
                Finish();
                yield break;
            }

            Ok = isComma;
        }
    }

    private IEnumerable<Pause> Argument()
    {
        while (Pending(Blank()))
        {
            yield return default;
        }

        var key = ReadText.Length;
        while (Pending(Word(key)))
        {
            yield return default;
        }

        var end = ReadText.Length;
        Ok = end > key;
        if (!Ok)
        {
            yield break;
        }

        foreach (var pause in Expect((byte)'='))
        {
            yield return pause;
        }

        if (!Ok)
        {
            yield break;
        }

        BeginArgument(ReadText[key..end]);
        foreach (var pause in Value())
        {
            yield return pause;
        }
    }
}
