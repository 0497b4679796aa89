namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>How a family writes calls whose arguments stand between tags, each value as plain text.</summary>
internal sealed record TaggedCallStyle
{
    /// <summary>What stands before a call.</summary>
    public required StopStrings Markers { get; init; }

    /// <summary>What stands before the name; it may be a marker by itself.</summary>
    public byte[] NameOpener { get; init; } = [];

    /// <summary>What stands behind the name.</summary>
    public byte[] NameCloser { get; init; } = [];

    /// <summary>What stands before a key.</summary>
    public required byte[] KeyOpener { get; init; }

    /// <summary>What stands behind a key.</summary>
    public required byte[] KeyCloser { get; init; }

    /// <summary>What stands before a value, if anything but the key's end.</summary>
    public byte[] ValueOpener { get; init; } = [];

    /// <summary>What stands behind a value.</summary>
    public required byte[] ValueCloser { get; init; }

    /// <summary>The same, with what belongs to it.</summary>
    public required StopStrings ValueClosers { get; init; }

    /// <summary>
    /// Whether a value stands on lines of its own, so that one line break on each side is not its own.
    /// </summary>
    public bool IsValueOnLines { get; init; }

    /// <summary>What stands behind the last value.</summary>
    public required byte[] CallCloser { get; init; }

    /// <summary>What may stand behind the call; it is no content then.</summary>
    public byte[][] Closers { get; init; } = [];
}
