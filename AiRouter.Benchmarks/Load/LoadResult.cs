namespace AiRouter.Benchmarks.Load;

/// <summary>How a request ended.</summary>
internal enum LoadOutcome
{
    /// <summary>The right answer, whole.</summary>
    Answered,

    /// <summary>A right error, before anything of an answer.</summary>
    Refused,

    /// <summary>A stream that began right, and ended in an error event.</summary>
    Cut,

    /// <summary>The client went away.</summary>
    Left,

    /// <summary>Anything else.</summary>
    Wrong,
}

/// <summary>What became of a request.</summary>
internal sealed record LoadResult
{
    /// <summary>How it ended.</summary>
    public required LoadOutcome Outcome { get; init; }

    /// <summary>What was wrong, or why it was refused.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The status; 0: there was no answer.</summary>
    public int Status { get; init; }

    /// <summary>The backend that answered, as the router says.</summary>
    public string? Backend { get; init; }

    /// <summary>How many were asked, as the router says.</summary>
    public int Attempts { get; init; }

    /// <summary>Events with text that came.</summary>
    public int Pieces { get; init; }

    /// <summary>When its first text, or its whole answer, came; null: never.</summary>
    public TimeSpan? FirstByte { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The usage that it was told; null: none.</summary>
    public (int Input, int Output)? Usage { get; init; }
}
