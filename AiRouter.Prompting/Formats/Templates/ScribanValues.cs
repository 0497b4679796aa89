using AiRouter.Prompting.Jinja.Values;
using Scriban.Runtime;

namespace AiRouter.Prompting.Formats.Templates;

/// <summary>Values as Scriban has them.</summary>
internal static class ScribanValues
{
    public static ScriptObject Of(JinjaDict dict)
    {
        var result = new ScriptObject();
        foreach (var (key, value) in dict.Entries)
        {
            result[key.ToString()] = Of(value);
        }

        return result;
    }

    private static object? Of(JinjaValue value)
    {
        if (value.TryGetString(out var text))
        {
            return text;
        }

        if (value.TryGetDict(out var dict))
        {
            return Of(dict);
        }

        if (value.TryGetItems(out var items))
        {
            var array = new ScriptArray(items.Length);
            foreach (var item in items)
            {
                array.Add(Of(item));
            }

            return array;
        }

        return value.Kind switch
        {
            JinjaKind.Boolean => value.IsTrue,
            JinjaKind.Integer when value.TryGetInt64(out var number) => number,
            JinjaKind.Float => value.AsDouble,
            JinjaKind.None or JinjaKind.Undefined => null,
            _ => value.ToString(),
        };
    }
}
