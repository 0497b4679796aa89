using AiRouter.Prompting.Jinja.Library.Methods;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Objects;

/// <summary><c>joiner(…)</c>: nothing the first time it is called, its separator from then on.</summary>
internal sealed class JinjaJoiner(JinjaValue separator) : JinjaObject
{
    private bool _isUsed;

    /// <inheritdoc/>
    public override string TypeName => "jinja2.utils.Joiner";

    /// <inheritdoc/>
    public override bool IsCallable => true;

    /// <summary>Makes one.</summary>
    public static JinjaValue Create(in JinjaCall call) => JinjaValue.From(new JinjaJoiner(
        new CallArguments(call, "Joiner", ["sep"]).TryGet(0, out var separator) ? separator : JinjaValue.From(", ")));

    /// <inheritdoc/>
    public override JinjaValue Call(in JinjaCall call)
    {
        StringMethods.RequireNone(call, "Joiner", "__call__");
        var result = _isUsed ? separator : JinjaValue.EmptyString;
        _isUsed = true;
        return result;
    }
}
