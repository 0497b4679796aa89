using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Objects;

/// <summary><c>namespace(…)</c>: the one value that a template can change, by <c>set</c>.</summary>
internal sealed class JinjaNamespace(JinjaDict values) : JinjaObject
{
    /// <inheritdoc/>
    public override string TypeName => "jinja2.utils.Namespace";

    /// <summary>Makes one, as <c>dict(…)</c> makes a dictionary.</summary>
    public static JinjaValue Create(in JinjaCall call) =>
        JinjaValue.From(new JinjaNamespace(DictFunction.Read(call)));

    /// <summary>Sets the attribute <paramref name="name"/>.</summary>
    public void Set(string name, in JinjaValue value) => values.Set(name, value);

    /// <inheritdoc/>
    public override bool TryGetAttribute(string name, JinjaRun run, out JinjaValue value) =>
        values.TryGetValue(name, out value);

    /// <inheritdoc/>
    public override void WriteRepr(JinjaText text)
    {
        text.Append("<Namespace ");
        PythonText.AppendDict(text, values);
        text.Append('>');
    }
}
