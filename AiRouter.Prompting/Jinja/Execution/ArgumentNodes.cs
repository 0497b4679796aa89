using System.Runtime.CompilerServices;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>The arguments of a call, ready to be evaluated.</summary>
internal sealed class ArgumentNodes(
    ExpressionNode[] positional,
    string[] names,
    ExpressionNode[] named,
    ExpressionNode? spread,
    ExpressionNode? namedSpread,
    int offset)
{
    /// <summary>Evaluates them; a few into <paramref name="room"/>, more into an array.</summary>
    public JinjaCall Prepare(Activation activation, Span<JinjaValue> room)
    {
        if (spread is not null || namedSpread is not null)
        {
            return PrepareSpread(activation);
        }

        var count = positional.Length + named.Length;
        var values = count <= room.Length ? room[..count] : new JinjaValue[count];
        for (var i = 0; i < positional.Length; i++)
        {
            values[i] = positional[i].Evaluate(activation);
        }

        for (var i = 0; i < named.Length; i++)
        {
            values[positional.Length + i] = named[i].Evaluate(activation);
        }

        return new JinjaCall(activation.Run, values[..positional.Length], names, values[positional.Length..]);
    }

    private JinjaCall PrepareSpread(Activation activation)
    {
        var run = activation.Run;
        var values = new List<JinjaValue>();
        foreach (var node in positional)
        {
            values.Add(node.Evaluate(activation));
        }

        if (spread is not null)
        {
            var value = spread.Evaluate(activation);
            run.At = offset;
            if (!Iteration.IsIterable(value))
            {
                throw new JinjaValueException(
                    "TypeError", $"Value after * must be an iterable, not {PythonTypes.NameOf(value)}");
            }

            values.AddRange(Iteration.ToArray(value, run));
        }

        var allNames = new List<string>(names);
        var allNamed = new List<JinjaValue>();
        foreach (var node in named)
        {
            allNamed.Add(node.Evaluate(activation));
        }

        if (namedSpread is not null)
        {
            AddNamed(namedSpread.Evaluate(activation), allNames, allNamed, run);
        }

        run.Reserve(values.Count + allNamed.Count);
        return new JinjaCall(run, values.ToArray(), allNames.ToArray(), allNamed.ToArray());
    }

    private void AddNamed(in JinjaValue value, List<string> allNames, List<JinjaValue> allNamed, Rendering run)
    {
        run.At = offset;
        if (!value.TryGetDict(out var dict))
        {
            throw new JinjaValueException(
                "TypeError", $"argument after ** must be a mapping, not {PythonTypes.NameOf(value)}");
        }

        foreach (ref readonly var entry in dict.Entries)
        {
            if (!entry.Key.TryGetString(out var name))
            {
                throw new JinjaValueException("TypeError", "keywords must be strings");
            }

            if (allNames.Contains(name))
            {
                throw new JinjaValueException("TypeError", $"got multiple values for keyword argument '{name}'");
            }

            allNames.Add(name);
            allNamed.Add(entry.Value);
        }
    }
}

/// <summary>Room on the stack for the arguments of a call: filters and macros rarely have more.</summary>
[InlineArray(4)]
internal struct ArgumentRoom
{
    private JinjaValue _first;
}
