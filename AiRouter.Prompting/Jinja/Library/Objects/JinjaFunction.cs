using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Objects;

/// <summary>A function that a template can call.</summary>
internal sealed class JinjaFunction(string name, JinjaFunction.Body body) : JinjaObject
{
    /// <summary>What a function does.</summary>
    public delegate JinjaValue Body(in JinjaCall call);

    public override string TypeName => "function";

    public override bool IsCallable => true;

    public override JinjaValue Call(in JinjaCall call) => body(call);

    public override void WriteRepr(JinjaText text) => text.Append($"<function {name}>");
}
