using AiRouter.Prompting.Jinja.Library;

namespace AiRouter.Prompting.Jinja.Values;

/// <summary>A method taken from a value without calling it: <c>{% set f = text.upper %}</c>.</summary>
internal sealed class BoundMethod(JinjaValue self, string name, JinjaMethod method) : JinjaObject
{
    /// <inheritdoc/>
    public override string TypeName => "builtin_function_or_method";

    /// <inheritdoc/>
    public override bool IsCallable => true;

    /// <inheritdoc/>
    public override JinjaValue Call(in JinjaCall call) => method(self, call);

    /// <inheritdoc/>
    public override void WriteRepr(JinjaText text) =>
        text.Append($"<built-in method {name} of {PythonTypes.NameOf(self)} object>");
}
