using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Reads calls that are JSON objects, one, several or a list of them, behind markers and at the answer's beginning,
/// where the markers may have been swallowed.
/// </summary>
internal class JsonCallParser(OutputContext context, JsonCallStyle style) : JsonObjectParser(context)
{
    /// <inheritdoc/>
    protected override StopStrings Markers => style.Markers;

    /// <inheritdoc/>
    protected override IEnumerable<Pause> Opening()
    {
        while (Pending(Blank()))
        {
            yield return default;
        }

        if (Next() is '{' or '[' or '`')
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
        while (Pending(Blank()))
        {
            yield return default;
        }

        while (Pending(OneOf(style.Fences)))
        {
            yield return default;
        }

        foreach (var pause in Calls())
        {
            yield return pause;
        }

        if (!Ok)
        {
            GiveUp();
            yield break;
        }

        while (Ok)
        {
            foreach (var pause in Closer(style.Closers))
            {
                yield return pause;
            }
        }
    }

    /// <summary>Reads calls, or a list of them.</summary>
    protected IEnumerable<Pause> Calls()
    {
        while (Pending(Blank()))
        {
            yield return default;
        }

        var isList = Next() == '[';
        if (isList)
        {
            Skip(1);
            while (Pending(Blank()))
            {
                yield return default;
            }
        }

        while (true)
        {
            foreach (var pause in Call())
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

            var next = Next();
            if (isList && next == ']')
            {
                Skip(1);
                Drop();
                yield break;
            }

            if (next == ',' || (next == ';' && !isList))
            {
                Skip(1);
                while (Pending(Blank()))
                {
                    yield return default;
                }
            }
            else if (isList || next != '{')
            {
                Ok = !isList;
                yield break;
            }
        }
    }
}
