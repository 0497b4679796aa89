namespace AiRouter.Prompting.Jinja.Values;

/// <summary>The arguments of a call, and the rendering it belongs to.</summary>
/// <param name="run">The rendering; budgets are charged here.</param>
/// <param name="positional">The arguments without names.</param>
/// <param name="names">The names of the named arguments.</param>
/// <param name="named">Their values, in the order of <paramref name="names"/>.</param>
public readonly ref struct JinjaCall(
    JinjaRun run, ReadOnlySpan<JinjaValue> positional, ReadOnlySpan<string> names, ReadOnlySpan<JinjaValue> named)
{
    /// <summary>A call without named arguments.</summary>
    public JinjaCall(JinjaRun run, ReadOnlySpan<JinjaValue> positional)
        : this(run, positional, [], [])
    {
    }

    /// <summary>The rendering.</summary>
    public JinjaRun Run { get; } = run;

    /// <summary>The arguments without names.</summary>
    public ReadOnlySpan<JinjaValue> Positional { get; } = positional;

    /// <summary>The names of the named arguments.</summary>
    public ReadOnlySpan<string> Names { get; } = names;

    /// <summary>The values of the named arguments.</summary>
    public ReadOnlySpan<JinjaValue> Named { get; } = named;

    /// <summary>The named argument <paramref name="name"/>.</summary>
    public bool TryGetNamed(string name, out JinjaValue value)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (Names[i] == name)
            {
                value = Named[i];
                return true;
            }
        }

        value = default;
        return false;
    }
}
