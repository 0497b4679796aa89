namespace AiRouter.Prompting.Jinja;

/// <summary>
/// One rendering: its budgets, its clock and its dice. Whoever does work that a template can make long charges it here.
/// </summary>
public abstract class JinjaRun
{
    /// <summary>The moment that <c>strftime_now</c> shows.</summary>
    public abstract DateTimeOffset Now { get; }

    /// <summary>Where the <c>random</c> filter gets its choice.</summary>
    public abstract Random Random { get; }

    /// <summary>Charges <paramref name="steps"/> of work (an item visited, a comparison made).</summary>
    /// <exception cref="Exception">The budget is used up.</exception>
    public abstract void Spend(long steps);

    /// <summary>Charges memory that is about to be taken: characters of a text, items of a list.</summary>
    /// <exception cref="Exception">The budget is used up.</exception>
    public abstract void Reserve(long size);
}
