using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>What a <c>for</c> does with each item, and when there is none.</summary>
/// <param name="Target">Where an item goes.</param>
/// <param name="LoopSlot">Where <c>loop</c> is; -1 when the body does not use it.</param>
/// <param name="Entry">How each turn's variables begin.</param>
/// <param name="Body">What is done.</param>
/// <param name="Filter">Which items count; null: all.</param>
/// <param name="ElseEntry">How the variables of <c>else</c> begin.</param>
/// <param name="Else">What is done when no turn came to its end.</param>
/// <param name="Offset">Where it stands.</param>
internal sealed record LoopCode(
    TargetNode Target,
    int LoopSlot,
    ScopeEntry Entry,
    StatementNode[] Body,
    LoopFilter? Filter,
    ScopeEntry ElseEntry,
    StatementNode[] Else,
    int Offset)
{
    /// <summary>
    /// Whether running over a text does nothing. Templates for images look for parts of the content, and when that is a text
    /// they look at each of its characters, which has no parts: that would take more time than all the rest.
    /// </summary>
    public bool IgnoresText { get; } = Filter is null && Else.Length == 0 && LoopSlot < 0 && Target is SlotTarget target &&
        Array.TrueForAll(Body, statement => statement.IgnoresCharacters(target.Slot));
}

/// <summary>The condition of a <c>for</c>; it has variables of its own.</summary>
internal sealed record LoopFilter(TargetNode Target, ScopeEntry Entry, ExpressionNode Test, int Offset);

/// <summary><c>for</c>.</summary>
internal sealed class ForNode(ExpressionNode source, LoopCode code) : StatementNode
{
    public override Flow Execute(Activation activation) => Run(code, source.Evaluate(activation), activation, null, 0);

    /// <summary>Runs over <paramref name="source"/>.</summary>
    public static Flow Run(LoopCode code, in JinjaValue source, Activation activation, RecursiveLoop? recursion, int depth)
    {
        var run = activation.Run;
        run.At = code.Offset;
        if (source.Kind == JinjaKind.String && code.IgnoresText)
        {
            return Flow.Next;
        }

        bool completed;
        if (code.Filter is null && source.Kind != JinjaKind.Object)
        {
            completed = code.LoopSlot >= 0
                ? RunExtended(code, new LoopContext(Iteration.ToArray(source, run), recursion, depth), activation)
                : source.Kind == JinjaKind.String
                ? RunText(code, source.AsString, activation)
                : RunPlain(code, Iteration.ToArray(source, run), activation);
        }
        else
        {
            using var items = Iteration.Begin(source, run);
            var isCounted = code.Filter is null && source.AsObject.HasLength;
            completed = RunExtended(
                code,
                new LoopContext(
                    code.Filter is null ? items : Filter(items, code.Filter, activation),
                    isCounted ? source.AsObject.Length : -1,
                    recursion,
                    depth),
                activation);
        }

        return completed || code.Else.Length == 0 ? Flow.Next : Body.Run(code.Else, activation, code.ElseEntry);
    }

    // Returns whether some turn came to its end: as in Jinja2, one that break or continue ended does not count for else.
    private static bool RunPlain(LoopCode code, JinjaValue[] items, Activation activation)
    {
        var completed = false;
        foreach (ref readonly var item in items.AsSpan())
        {
            var flow = Turn(code, item, activation);
            if (flow == Flow.Break)
            {
                break;
            }

            completed |= flow == Flow.Next;
        }

        return completed;
    }

    private static bool RunText(LoopCode code, string text, Activation activation)
    {
        var completed = false;
        for (var unit = 0; unit < text.Length;)
        {
            var length = CodePoints.LengthAt(text, unit);
            var flow = Turn(code, JinjaValue.From(CodePoints.Text(text.AsSpan(unit, length))), activation);
            if (flow == Flow.Break)
            {
                break;
            }

            completed |= flow == Flow.Next;
            unit += length;
        }

        return completed;
    }

    private static bool RunExtended(LoopCode code, LoopContext loop, Activation activation)
    {
        var completed = false;
        var value = JinjaValue.From(loop);
        while (Next(out var item))
        {
            if (code.LoopSlot >= 0)
            {
                activation.Slots[code.LoopSlot] = value;
            }

            var flow = Turn(code, item, activation);
            if (flow == Flow.Break)
            {
                break;
            }

            completed |= flow == Flow.Next;
        }

        return completed;

        // A filter such as map makes its items here, long after it was called.
        bool Next(out JinjaValue item)
        {
            activation.Run.At = code.Offset;
            return loop.TryNext(out item);
        }
    }

    private static Flow Turn(LoopCode code, in JinjaValue item, Activation activation)
    {
        activation.Run.At = code.Offset;
        code.Target.Assign(item, activation);
        return Body.Run(code.Body, activation, code.Entry);
    }

    private static IEnumerator<JinjaValue> Filter(IEnumerator<JinjaValue> items, LoopFilter filter, Activation activation)
    {
        filter.Entry.Apply(activation);
        while (items.MoveNext())
        {
            activation.Run.Spend(1);
            var item = items.Current;
            activation.Run.At = filter.Offset;
            filter.Target.Assign(item, activation);
            if (filter.Test.IsTrue(activation))
            {
                yield return filter.Target.Assigned(activation);
            }
        }
    }
}

/// <summary><c>for … recursive</c>: its body can run the loop again over something inside.</summary>
internal sealed class RecursiveForNode(ExpressionNode source, LoopCode code, FunctionLayout layout) : StatementNode
{
    public override Flow Execute(Activation activation)
    {
        var value = source.Evaluate(activation);
        new RecursiveLoop(code, layout.Slots, activation).Write(value, 0);
        return Flow.Next;
    }
}

/// <summary>A recursive loop with what it sees around it.</summary>
internal sealed class RecursiveLoop(LoopCode code, int slots, Activation outer)
{
    /// <summary>Runs over <paramref name="source"/> and returns what that writes.</summary>
    public string Run(in JinjaValue source, int depth)
    {
        var start = outer.Run.Text.BeginCapture();
        Write(source, depth);
        return outer.Run.Text.EndCapture(start, outer.Run);
    }

    /// <summary>Runs over <paramref name="source"/>.</summary>
    public void Write(in JinjaValue source, int depth)
    {
        outer.Run.Enter();
        ForNode.Run(code, source, new Activation(outer.Run, outer, slots), this, depth);
        outer.Run.Leave();
    }
}
