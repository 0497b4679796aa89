namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>A model that is loaded or unloaded because an admin asked for it.</summary>
/// <param name="Backend">The Triton backend.</param>
/// <param name="Model">The model's name there.</param>
/// <param name="Action">What was asked for.</param>
/// <param name="By">Who asked.</param>
/// <param name="Started">When.</param>
public sealed record RepositoryChange(string Backend, string Model, RepositoryAction Action, string By, DateTimeOffset Started)
{
    /// <summary>What has come of it.</summary>
    public RepositoryChangeState State { get; init; }

    /// <summary>Why it failed, or what to know while it runs.</summary>
    public string? Text { get; init; }

    /// <summary>When it was over.</summary>
    public DateTimeOffset? Ended { get; init; }
}

/// <summary>What can be asked of a Triton server's repository.</summary>
public enum RepositoryAction
{
    /// <summary>Load a model, or load it anew.</summary>
    Load,

    /// <summary>Unload it.</summary>
    Unload,
}

/// <summary>What has come of it.</summary>
public enum RepositoryChangeState
{
    /// <summary>The server is at it.</summary>
    Running,

    /// <summary>It is done.</summary>
    Done,

    /// <summary>The server did not do it.</summary>
    Failed,
}
