namespace AiRouter.Admin.Management.Failures;

/// <summary>What every error answer is: problem details (RFC 9457).</summary>
/// <param name="Type">Names the kind of problem; the same for ever.</param>
/// <param name="Title">The kind of problem in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What was wrong this time, and what to do.</param>
internal sealed record ManagementProblem(string Type, string Title, int Status, string Detail)
{
    /// <summary>Everything that is wrong with what was given, by path; absent where that is not the problem.</summary>
    public IReadOnlyList<ManagementError>? Errors { get; init; }

    /// <summary>The ETag as it is now, where If-Match did not match or is missing.</summary>
    public string? CurrentVersion { get; init; }
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Path">The value, such as <c>models.llama.targets[0].backend</c>; empty: the whole.</param>
/// <param name="Message">What is wrong with it, and what to do.</param>
internal sealed record ManagementError(string Path, string Message)
{
    /// <summary>The line of the document that was sent, from 1; absent where it is unknown.</summary>
    public int? Line { get; init; }

    /// <summary>The character of that line, from 1.</summary>
    public int? Column { get; init; }
}
