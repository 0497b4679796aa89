namespace AiRouter.Prompting.Jinja.Values;

/// <summary>Python's <c>iter</c>, <c>len</c>, <c>in</c> and <c>list</c>.</summary>
internal static class Iteration
{
    /// <summary>Python's <c>list(value)</c>; the items of a list or tuple themselves, without a copy.</summary>
    /// <exception cref="JinjaValueException">The value cannot be iterated over.</exception>
    public static JinjaValue[] ToArray(in JinjaValue value, JinjaRun run)
    {
        switch (value.Kind)
        {
            case JinjaKind.List or JinjaKind.Tuple:
                return value.AsItems;
            case JinjaKind.Undefined:
                return [];
            case JinjaKind.Dict:
                return Keys(value.AsDict, run);
            case JinjaKind.String:
                return Characters(value, run);
            case JinjaKind.Object when value.AsObject.IsIterable:
                return Drain(value.AsObject, run);
            default:
                throw NotIterable(value);
        }
    }

    /// <summary>Python's <c>iter(value)</c>.</summary>
    /// <exception cref="JinjaValueException">The value cannot be iterated over.</exception>
    public static IEnumerator<JinjaValue> Begin(in JinjaValue value, JinjaRun run) =>
        value.Kind == JinjaKind.Object && value.AsObject.IsIterable
            ? value.AsObject.Iterate(run)
            : ((IEnumerable<JinjaValue>)ToArray(value, run)).GetEnumerator();

    /// <summary>Whether Python's <c>iter</c> takes it.</summary>
    public static bool IsIterable(in JinjaValue value) => value.Kind switch
    {
        JinjaKind.Object => value.AsObject.IsIterable,
        JinjaKind.None or JinjaKind.Boolean or JinjaKind.Integer or JinjaKind.Float => false,
        _ => true,
    };

    /// <summary>Python's <c>len(value)</c>.</summary>
    /// <exception cref="JinjaValueException">The value has no length.</exception>
    public static long Length(in JinjaValue value) => value.Kind switch
    {
        JinjaKind.String => CodePoints.Count(value.AsString),
        JinjaKind.List or JinjaKind.Tuple => value.AsItems.Length,
        JinjaKind.Dict => value.AsDict.Count,
        JinjaKind.Undefined => 0,
        JinjaKind.Object when value.AsObject.HasLength => value.AsObject.Length,
        _ => throw JinjaValueException.TypeError($"object of type '{PythonTypes.NameOf(value)}' has no len()"),
    };

    /// <summary><c>item in container</c>.</summary>
    public static bool Contains(in JinjaValue container, in JinjaValue item, JinjaRun run)
    {
        switch (container.Kind)
        {
            case JinjaKind.String:
                run.Spend(1 + (container.AsString.Length / 64));
                return item.IsString
                    ? container.AsString.Contains(item.AsString, StringComparison.Ordinal)
                    : throw JinjaValueException.TypeError(
                        $"'in <string>' requires string as left operand, not {PythonTypes.NameOf(item)}");
            case JinjaKind.List or JinjaKind.Tuple:
                return Contains(container.AsItems, item, run);
            case JinjaKind.Dict:
                return container.AsDict.ContainsKey(item);
            case JinjaKind.Undefined:
                return false;
            case JinjaKind.Object when container.AsObject.IsIterable:
                return container.AsObject.Contains(item, run);
            default:
                throw JinjaValueException.TypeError(
                    $"argument of type '{PythonTypes.NameOf(container)}' is not iterable");
        }
    }

    /// <summary>Charges a look through a long text, such as counting its code points takes.</summary>
    public static void SpendOn(in JinjaValue value, JinjaRun? run)
    {
        const int perStep = 1024;
        if (value.IsString && value.AsString.Length >= perStep)
        {
            run?.Spend(value.AsString.Length / perStep);
        }
    }

    /// <summary>Python's error for what cannot be iterated over.</summary>
    public static JinjaValueException NotIterable(in JinjaValue value) =>
        JinjaValueException.TypeError($"'{PythonTypes.NameOf(value)}' object is not iterable");

    private static bool Contains(JinjaValue[] items, in JinjaValue item, JinjaRun run)
    {
        run.Spend(items.Length);
        foreach (ref readonly var candidate in items.AsSpan())
        {
            if (candidate.IsSameAs(item) || Comparison.AreEqual(candidate, item, run))
            {
                return true;
            }
        }

        return false;
    }

    private static JinjaValue[] Keys(JinjaDict dict, JinjaRun run)
    {
        run.Reserve(dict.Count);
        var keys = new JinjaValue[dict.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = dict.Entries[i].Key;
        }

        return keys;
    }

    private static JinjaValue[] Characters(in JinjaValue value, JinjaRun run)
    {
        var text = value.AsString;
        run.Reserve(text.Length);
        var characters = new JinjaValue[CodePoints.Count(text)];
        var unit = 0;
        for (var i = 0; i < characters.Length; i++)
        {
            var length = CodePoints.LengthAt(text, unit);
            characters[i] = JinjaValue.From(CodePoints.Text(text.AsSpan(unit, length)));
            unit += length;
        }

        return characters;
    }

    private static JinjaValue[] Drain(JinjaObject value, JinjaRun run)
    {
        if (value.HasLength && value.Length == 0)
        {
            return [];
        }

        var items = new List<JinjaValue>(value.HasLength ? (int)Math.Min(value.Length, 1024) : 4);
        using var iterator = value.Iterate(run);
        while (iterator.MoveNext())
        {
            run.Spend(1);
            run.Reserve(1);
            items.Add(iterator.Current);
        }

        return [.. items];
    }
}
