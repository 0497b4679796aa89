using System.Collections.Frozen;
using AiRouter.Prompting.Jinja.Library.Objects;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library;

/// <summary>The functions that every template has, by name: Jinja2's, and those that transformers adds.</summary>
internal static class JinjaGlobals
{
    private static readonly FrozenDictionary<string, JinjaValue> ByName = new Dictionary<string, JinjaFunction.Body>
    {
        ["cycler"] = JinjaCycler.Create,
        ["dict"] = DictFunction.Create,
        ["joiner"] = JinjaJoiner.Create,
        ["namespace"] = JinjaNamespace.Create,
        ["raise_exception"] = RaiseException,
        ["range"] = JinjaRange.Create,
        ["strftime_now"] = StrftimeFunction.Call,
    }.ToFrozenDictionary(f => f.Key, f => JinjaValue.From(new JinjaFunction(f.Key, f.Value)), StringComparer.Ordinal);

    /// <summary>The function <paramref name="name"/>; templates name it as they are parsed.</summary>
    public static bool TryGet(string name, out JinjaValue function) => ByName.TryGetValue(name, out function);

    private static JinjaValue RaiseException(in JinjaCall call)
    {
        var message = new CallArguments(call, "raise_exception", ["message"], 1).Get(0);
        throw new JinjaValueException("TemplateError", PythonText.Str(message, call.Run));
    }
}
