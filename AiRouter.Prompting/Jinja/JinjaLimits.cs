namespace AiRouter.Prompting.Jinja;

/// <summary>
/// What one rendering may use. The defaults are far above what a conversation of 100,000 tokens takes and end a runaway
/// template within about a second.
/// </summary>
public sealed record JinjaLimits
{
    /// <summary>The limits unless told otherwise.</summary>
    public static JinjaLimits Default { get; } = new();

    /// <summary>Statements run, items visited and comparisons made.</summary>
    public long Steps { get; init; } = 20_000_000;

    /// <summary>Bytes written.</summary>
    public long OutputBytes { get; init; } = 64L << 20;

    /// <summary>Characters of texts and items of lists made on the way, all together.</summary>
    public long WorkingSize { get; init; } = 64L << 20;

    /// <summary>Macros, call blocks and recursive loops inside each other.</summary>
    public int Depth { get; init; } = 200;
}
