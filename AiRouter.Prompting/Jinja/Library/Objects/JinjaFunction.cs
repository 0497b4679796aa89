using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Objects;

/// <summary>A function that a template can call.</summary>
internal sealed class JinjaFunction(string name, JinjaFunction.Body body) : JinjaObject
{
    /// <summary>What a function does.</summary>
    public delegate JinjaValue Body(in JinjaCall call);

    /// <inheritdoc/>
    public override string TypeName => "function";

    /// <inheritdoc/>
    public override bool IsCallable => true;

    /// <inheritdoc/>
    public override JinjaValue Call(in JinjaCall call) => body(call);

    /// <inheritdoc/>
    public override void WriteRepr(JinjaText text) => text.Append($"<function {name}>");
}
