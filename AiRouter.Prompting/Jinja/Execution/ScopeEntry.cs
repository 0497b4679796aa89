namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>
/// What happens when a scope begins: a variable that it sets begins as the outer one of that name, or as what the caller
/// gave, or without a value.
/// </summary>
internal sealed class ScopeEntry(ScopeEntry.Start[] starts)
{
    private readonly Start[] _starts = starts;

    /// <summary>How a variable begins.</summary>
    /// <param name="Slot">The variable.</param>
    /// <param name="Global">The global it copies, or -1.</param>
    /// <param name="Hops">Where the variable it copies is, or -1 without either.</param>
    /// <param name="From">The variable it copies.</param>
    internal readonly record struct Start(int Slot, int Global, int Hops, int From);

    public void Apply(Activation activation)
    {
        foreach (ref readonly var start in _starts.AsSpan())
        {
            activation.Slots[start.Slot] =
                start.Global >= 0 ? activation.Run.Globals[start.Global]
                : start.Hops >= 0 ? activation.Up(start.Hops).Slots[start.From]
                : default;
        }
    }
}
