namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>How a family frames a section of calls.</summary>
internal sealed record SectionStyle
{
    /// <summary>What opens the section, and last what opens a call, whose section may be missing.</summary>
    public required StopStrings Markers { get; init; }

    /// <summary>What opens a call.</summary>
    public required byte[] CallOpener { get; init; }

    /// <summary>What may stand before arguments.</summary>
    public byte[] Fence { get; init; } = [];

    /// <summary>What may stand behind arguments; it is no content then.</summary>
    public required byte[][] Closers { get; init; }
}
