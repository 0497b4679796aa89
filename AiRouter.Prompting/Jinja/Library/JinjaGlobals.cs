using System.Collections.Frozen;
using AiRouter.Prompting.Jinja.Library.Objects;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library;

/// <summary>The functions that every template has, by name.</summary>
internal static class JinjaGlobals
{
    private static readonly FrozenDictionary<string, JinjaValue> ByName = new Dictionary<string, JinjaValue>
    {
        ["raise_exception"] = JinjaValue.From(new JinjaFunction("raise_exception", RaiseException)),
        ["namespace"] = JinjaValue.From(new JinjaFunction("namespace", JinjaNamespace.Create)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The function <paramref name="name"/>; templates name it as they are parsed.</summary>
    public static bool TryGet(string name, out JinjaValue function) => ByName.TryGetValue(name, out function);

    private static JinjaValue RaiseException(in JinjaCall call) =>
        throw new JinjaValueException("TemplateError", call.Positional.Length > 0 ? call.Positional[0].ToString() : "");
}
