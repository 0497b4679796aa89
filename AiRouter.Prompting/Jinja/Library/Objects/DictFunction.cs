using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Objects;

/// <summary><c>dict(…)</c>.</summary>
internal static class DictFunction
{
    /// <summary>Makes a dictionary of a mapping or of pairs, and of the named arguments.</summary>
    public static JinjaValue Create(in JinjaCall call) => JinjaValue.From(Read(call));

    /// <summary>Makes a dictionary of a mapping or of pairs, and of the named arguments.</summary>
    /// <exception cref="JinjaValueException">The argument is neither.</exception>
    public static JinjaDict Read(in JinjaCall call)
    {
        if (call.Positional.Length > 1)
        {
            throw JinjaValueException.TypeError($"dict expected at most 1 argument, got {call.Positional.Length}");
        }

        var dict = call.Positional.IsEmpty ? new JinjaDict() : Read(call.Positional[0], call.Run);
        for (var i = 0; i < call.Names.Length; i++)
        {
            dict.Set(call.Names[i], call.Named[i]);
        }

        return dict;
    }

    private static JinjaDict Read(in JinjaValue source, JinjaRun run)
    {
        if (source.TryGetDict(out var dict))
        {
            run.Reserve(dict.Count);
            return dict.Copy();
        }

        if (source.IsUndefined)
        {
            throw source.UndefinedError();
        }

        var pairs = Iteration.ToArray(source, run);
        run.Reserve(pairs.Length);
        var result = new JinjaDict(pairs.Length);
        for (var i = 0; i < pairs.Length; i++)
        {
            if (!Iteration.IsIterable(pairs[i]))
            {
                throw JinjaValueException.TypeError(
                    $"cannot convert dictionary update sequence element #{i} to a sequence");
            }

            var pair = Iteration.ToArray(pairs[i], run);
            if (pair.Length != 2)
            {
                throw JinjaValueException.ValueError(
                    $"dictionary update sequence element #{i} has length {pair.Length}; 2 is required");
            }

            result.Set(pair[0], pair[1]);
        }

        return result;
    }
}
