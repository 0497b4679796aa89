using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>The variables of one run of a template, macro or recursive loop.</summary>
/// <param name="run">The rendering.</param>
/// <param name="outer">The one around the definition, whose variables it sees.</param>
/// <param name="slots">How many variables it has.</param>
internal sealed class Activation(Rendering run, Activation? outer, int slots)
{
    private readonly JinjaValue[] _slots = slots == 0 ? [] : new JinjaValue[slots];

    public Rendering Run => run;

    public Activation? Outer => outer;

    /// <summary>The variables. One without a value is <c>default</c>, which no expression gives.</summary>
    public JinjaValue[] Slots => _slots;

    /// <summary>The activation that many definitions outwards.</summary>
    public Activation Up(int hops)
    {
        var activation = this;
        for (; hops > 0; hops--)
        {
            activation = activation.Outer!;
        }

        return activation;
    }
}
