using AiRouter.Prompting.Jinja.Library;

namespace AiRouter.Prompting.Jinja.Values;

/// <summary>
/// <c>value.name</c> and <c>value[key]</c> as Jinja2's immutable sandbox answers them: what is missing is undefined,
/// what would change a value is refused.
/// </summary>
internal static class Lookup
{
    /// <summary><c>value.name</c>: an attribute (of built-in types: a method), else the item of that name.</summary>
    public static JinjaValue Attribute(in JinjaValue value, JinjaName name, JinjaRun run)
    {
        switch (value.Kind)
        {
            case JinjaKind.Undefined:
                throw value.UndefinedError();
            case JinjaKind.Dict:
                if (name.OfDict is null && !name.IsReserved && !name.ChangesDict)
                {
                    return value.AsDict.TryGetValue(name.Text, out var found)
                        ? found
                        : JinjaValue.Missing(value, name.Text);
                }

                break;
            case JinjaKind.Object:
                if (name.IsReserved)
                {
                    return Refused(value, name.Text);
                }

                return value.AsObject.TryGetAttribute(name.Text, run, out var attribute) ||
                    value.AsObject.TryGetItem(name.Value, run, out attribute)
                    ? attribute
                    : JinjaValue.Missing(value, name.Text);
        }

        return OfType(value, name);
    }

    /// <summary><c>value['name']</c>: the item of that name, else an attribute.</summary>
    public static JinjaValue Item(in JinjaValue value, JinjaName name, JinjaRun run)
    {
        switch (value.Kind)
        {
            case JinjaKind.Undefined:
                throw value.UndefinedError();
            case JinjaKind.Dict:
                if (value.AsDict.TryGetValue(name.Text, out var found))
                {
                    return found;
                }

                break;
            case JinjaKind.Object:
                if (value.AsObject.TryGetItem(name.Value, run, out var item) ||
                    (!name.IsReserved && value.AsObject.TryGetAttribute(name.Text, run, out item)))
                {
                    return item;
                }

                return name.IsReserved ? Refused(value, name.Text) : JinjaValue.Missing(value, name.Text);
        }

        return OfType(value, name);
    }

    /// <summary><c>value[key]</c>: the item, else, when the key is text, an attribute.</summary>
    public static JinjaValue Item(in JinjaValue value, in JinjaValue key, JinjaRun run)
    {
        Iteration.SpendOn(key, run);
        switch (value.Kind)
        {
            case JinjaKind.Undefined:
                throw value.UndefinedError();
            case JinjaKind.List or JinjaKind.Tuple when key.IsInteger:
                return Index(value, key, value.AsItems);
            case JinjaKind.Dict:
                if (Comparison.IsHashable(key) && value.AsDict.TryGetValue(key, out var found))
                {
                    return found;
                }

                break;
            case JinjaKind.String when key.IsInteger:
                Iteration.SpendOn(value, run);
                return CodePoints.TryGet(value, key, out var character) ? character : JinjaValue.Missing(value, key);
            case JinjaKind.Object when value.AsObject.TryGetItem(key, run, out var item):
                return item;
        }

        return key.IsString ? Item(value, JinjaName.Of(key.AsString), run) : JinjaValue.Missing(value, key);
    }

    /// <summary>
    /// The method <paramref name="name"/> of a built-in type, to be called without making an object of it.
    /// </summary>
    public static JinjaMethod? Method(in JinjaValue value, JinjaName name) => value.Kind switch
    {
        JinjaKind.String => name.OfString,
        JinjaKind.Dict => name.OfDict,
        JinjaKind.List => name.OfList,
        JinjaKind.Tuple => name.OfTuple,
        _ => null,
    };

    /// <summary>Calls <paramref name="callee"/>.</summary>
    public static JinjaValue Call(in JinjaValue callee, in JinjaCall call) => callee.Kind switch
    {
        JinjaKind.Object => callee.AsObject.Call(call),
        JinjaKind.Undefined => throw callee.UndefinedError(),
        _ => throw JinjaValueException.TypeError($"'{PythonTypes.NameOf(callee)}' object is not callable"),
    };

    private static JinjaValue OfType(in JinjaValue value, JinjaName name)
    {
        if (Method(value, name) is { } method)
        {
            return JinjaValue.From(new BoundMethod(value, name.Text, method));
        }

        return name.IsReserved || Mutators.Has(value.Kind, name.Text)
            ? Refused(value, name.Text)
            : JinjaValue.Missing(value, name.Text);
    }

    private static JinjaValue Index(in JinjaValue value, in JinjaValue key, JinjaValue[] items)
    {
        if (key.TryGetInt64(out var index))
        {
            index = index < 0 ? index + items.Length : index;
            if ((ulong)index < (ulong)items.Length)
            {
                return items[index];
            }
        }

        return JinjaValue.Missing(value, key);
    }

    private static JinjaValue Refused(in JinjaValue value, string name) => JinjaValue.Refused(
        $"access to attribute {PythonText.Repr(name)} of '{PythonTypes.NameOf(value)}' object is unsafe.");
}
