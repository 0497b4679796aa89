namespace AiRouter.Prompting.Outputs.Reasoning;

/// <summary>How a family marks its reasoning.</summary>
internal sealed record ReasoningStyle
{
    /// <summary>What opens the reasoning, at the answer's beginning only.</summary>
    public required byte[][] Openers { get; init; }

    /// <summary>What ends it.</summary>
    public required StopStrings Closers { get; init; }

    /// <summary>Markers around the rest, which are no content.</summary>
    public StopStrings Around { get; init; } = StopStrings.None;
}
