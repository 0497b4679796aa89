using AiRouter.Prompting.Jinja.Library.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Filters;

/// <summary>Filters for any value: <c>default</c>, <c>items</c>, <c>attr</c>, <c>pprint</c>.</summary>
internal static class ValueFilters
{
    private static readonly string[] DefaultParameters = ["default_value", "boolean"];

    public static JinjaValue Default(in JinjaValue value, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "default", DefaultParameters);
        if (!value.IsUndefined && (value.IsTrue || !arguments.IsTrue(1)))
        {
            return value;
        }

        return arguments.TryGet(0, out var otherwise) ? otherwise : JinjaValue.EmptyString;
    }

    public static JinjaValue Items(in JinjaValue value, in JinjaCall call)
    {
        TextFilters.RequireNone(call, "items");
        return SequenceFilters.Generator(Pairs(value));
    }

    public static JinjaValue Attribute(in JinjaValue value, in JinjaCall call)
    {
        var argument = new CallArguments(call, "attr", ["name"], 1).Get(0);
        if (!argument.TryGetString(out var text))
        {
            throw JinjaValueException.TypeError(
                $"attribute name must be string, not '{PythonTypes.NameOf(argument)}'");
        }

        if (value.IsUndefined)
        {
            throw value.UndefinedError();
        }

        var name = JinjaName.Of(text);

        if (value.Kind == JinjaKind.Object)
        {
            return value.AsObject.TryGetAttribute(name.Text, call.Run, out var found)
                ? found
                : JinjaValue.Missing(value, name.Text);
        }

        // The items of a dictionary are no attributes here.
        return value.Kind == JinjaKind.Dict && name is { OfDict: null, IsReserved: false, ChangesDict: false }
            ? JinjaValue.Missing(value, name.Text)
            : Lookup.Attribute(value, name, call.Run);
    }

    public static JinjaValue PrettyPrint(in JinjaValue value, in JinjaCall call)
    {
        TextFilters.RequireNone(call, "pprint");
        return JinjaValue.From(PrettyPrinting.Print(value, call.Run));
    }

    private static IEnumerator<JinjaValue> Pairs(JinjaValue value)
    {
        if (value.IsUndefined)
        {
            yield break;
        }

        if (!value.TryGetDict(out var dict))
        {
            throw JinjaValueException.TypeError("Can only get item pairs from a mapping.");
        }

        for (var i = 0; i < dict.Count; i++)
        {
            var entry = dict.Entries[i];
            yield return JinjaValue.Tuple(entry.Key, entry.Value);
        }
    }
}
