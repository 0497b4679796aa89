using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Objects;

/// <summary><c>namespace(…)</c>: the one value that a template can change, by <c>set</c>.</summary>
internal sealed class JinjaNamespace : JinjaObject
{
    private readonly JinjaDict _values = new();

    public override string TypeName => "jinja2.utils.Namespace";

    public static JinjaValue Create(in JinjaCall call)
    {
        var result = new JinjaNamespace();
        if (call.Positional.Length > 0 && call.Positional[0].TryGetDict(out var dict))
        {
            foreach (ref readonly var entry in dict.Entries)
            {
                result._values.Set(entry.Key, entry.Value);
            }
        }

        for (var i = 0; i < call.Names.Length; i++)
        {
            result._values.Set(call.Names[i], call.Named[i]);
        }

        return JinjaValue.From(result);
    }

    public void Set(string name, in JinjaValue value) => _values.Set(name, value);

    public override bool TryGetAttribute(string name, JinjaRun run, out JinjaValue value) =>
        _values.TryGetValue(name, out value);

    public override bool TryGetItem(in JinjaValue key, JinjaRun run, out JinjaValue value) =>
        _values.TryGetValue(key, out value);
}
