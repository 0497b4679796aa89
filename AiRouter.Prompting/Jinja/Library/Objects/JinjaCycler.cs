using AiRouter.Prompting.Jinja.Library.Methods;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Objects;

/// <summary><c>cycler(…)</c>: gives its items in turn, again and again.</summary>
internal sealed class JinjaCycler(JinjaValue[] items) : JinjaObject
{
    private int _position;

    /// <inheritdoc/>
    public override string TypeName => "jinja2.utils.Cycler";

    /// <summary>Makes one of the arguments.</summary>
    public static JinjaValue Create(in JinjaCall call)
    {
        if (!call.Names.IsEmpty)
        {
            throw JinjaValueException.TypeError($"Cycler() got an unexpected keyword argument '{call.Names[0]}'");
        }

        return call.Positional.IsEmpty
            ? throw new JinjaValueException("RuntimeError", "at least one item has to be provided")
            : JinjaValue.From(new JinjaCycler(call.Positional.ToArray()));
    }

    /// <inheritdoc/>
    public override bool TryGetAttribute(string name, JinjaRun run, out JinjaValue value)
    {
        value = name switch
        {
            "current" => items[_position],
            "items" => JinjaValue.Tuple(items),
            "pos" => JinjaValue.From(_position),
            "next" => JinjaValue.From(new BoundMethod(JinjaValue.From(this), name, Next)),
            "reset" => JinjaValue.From(new BoundMethod(JinjaValue.From(this), name, Reset)),
            _ => default,
        };
        return name is "current" or "items" or "pos" or "next" or "reset";
    }

    private JinjaValue Next(in JinjaValue self, in JinjaCall call)
    {
        StringMethods.RequireNone(call, "Cycler", "next");
        var current = items[_position];
        _position = (_position + 1) % items.Length;
        return current;
    }

    private JinjaValue Reset(in JinjaValue self, in JinjaCall call)
    {
        StringMethods.RequireNone(call, "Cycler", "reset");
        _position = 0;
        return JinjaValue.None;
    }
}
