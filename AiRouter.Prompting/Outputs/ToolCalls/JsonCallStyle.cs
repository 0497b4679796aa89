namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>How a family writes calls that are JSON objects or lists of them.</summary>
internal sealed record JsonCallStyle
{
    /// <summary>What stands before calls.</summary>
    public StopStrings Markers { get; init; } = StopStrings.None;

    /// <summary>What may stand behind them; it is no content then.</summary>
    public byte[][] Closers { get; init; } = [];

    /// <summary>What may stand between a marker, or the answer's beginning, and the calls.</summary>
    public byte[][] Fences { get; init; } = [];
}
