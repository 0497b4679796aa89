namespace AiRouter.Admin.Management.Playground;

/// <summary>What an answer begins with.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="RequestId">Names the request in the router's log and in the request log.</param>
public sealed record AnswerHead(int Status, string? RequestId)
{
    /// <summary>The model that answers (R10).</summary>
    public string? Model { get; init; }

    /// <summary>The backend, where <c>server.exposeBackend</c> shows it.</summary>
    public string? Backend { get; init; }

    /// <summary>Parameters that were left out, where <c>unsupportedParameters: drop</c> says so.</summary>
    public string? Dropped { get; init; }

    /// <summary>Where the time went until the answer began, as the router says (<c>Server-Timing</c>).</summary>
    public string? ServerTiming { get; init; }

    /// <summary>After how many seconds a retry has a chance.</summary>
    public string? RetryAfter { get; init; }
}

/// <summary>Tokens of a request.</summary>
/// <param name="Input">Of the input.</param>
/// <param name="Output">Of the answer, reasoning included.</param>
public sealed record AnswerUsage(long Input, long Output)
{
    /// <summary>Of the input, those from the backend's cache.</summary>
    public long? Cached { get; init; }

    /// <summary>Of the answer, those of the reasoning.</summary>
    public long? Reasoning { get; init; }

    /// <summary>Whether they are an estimate.</summary>
    public bool IsEstimated { get; init; }
}

/// <summary>An error as the client gets it.</summary>
/// <param name="Message">What it says.</param>
public sealed record AnswerError(string Message)
{
    /// <summary>The HTTP status; null: it came in a stream that had begun, or there was no answer at all.</summary>
    public int? Status { get; init; }

    /// <summary>The error's <c>type</c>.</summary>
    public string? Type { get; init; }

    /// <summary>The error's <c>code</c>.</summary>
    public string? Code { get; init; }

    /// <summary>The member of the request that is to blame.</summary>
    public string? Param { get; init; }

    /// <summary>The whole of what the client gets; null: Admin itself says it.</summary>
    public string? Body { get; init; }
}
