namespace AiRouter.Prompting.Outputs.Reasoning;

/// <summary>How a family marks its reasoning.</summary>
internal sealed record ReasoningStyle
{
    /// <summary>What opens the reasoning, at the answer's beginning only.</summary>
    public required byte[][] Openers { get; init; }

    /// <summary>What ends it.</summary>
    public required StopStrings Closers { get; init; }

    /// <summary>
    /// Whether the markers are special tokens, which a backend leaves out unless it is told to keep them.
    /// </summary>
    public bool HasSpecialTokens { get; init; }

    /// <summary>The white space beside the markers that belongs to them.</summary>
    public byte[] Space { get; init; } = "\n"u8.ToArray();

    /// <summary>Markers around the rest, which are no content.</summary>
    public StopStrings Around { get; init; } = StopStrings.None;
}
