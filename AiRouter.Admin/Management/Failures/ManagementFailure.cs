using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Failures;

/// <summary>Why something was not done.</summary>
/// <param name="Kind">What kind of failure.</param>
/// <param name="Detail">What was wrong and what to do, in a sentence.</param>
public sealed record ManagementFailure(FailureKind Kind, string Detail)
{
    /// <summary>Everything that is wrong, by path.</summary>
    public IReadOnlyList<ConfigurationProblem> Errors { get; init; } = [];

    /// <summary>The version as it is now, where another was expected.</summary>
    public string? CurrentVersion { get; init; }

    /// <summary>What was given is wrong.</summary>
    public static ManagementFailure Invalid(IReadOnlyList<ConfigurationProblem> errors) => new(
        FailureKind.Invalid,
        errors is [var only] ? Text(only) : $"There are {errors.Count} problems; nothing was changed.")
    {
        Errors = errors,
    };

    /// <summary>A query parameter or the like is wrong.</summary>
    public static ManagementFailure Invalid(string path, string message) => Invalid([new ConfigurationProblem(path, message, null)]);

    private static string Text(ConfigurationProblem problem) =>
        problem.Path.Length == 0 ? problem.Message : $"{problem.Path}: {problem.Message}";
}

/// <summary>Kinds of failures; <see cref="FailureAnswers"/> says how each is answered.</summary>
public enum FailureKind
{
    /// <summary>What was given is wrong.</summary>
    Invalid,

    /// <summary>No admin key, or a wrong one.</summary>
    Unauthorized,

    /// <summary>The role may not do it.</summary>
    Forbidden,

    /// <summary>The configuration is changed elsewhere (R35).</summary>
    ReadOnly,

    /// <summary>There is no such thing.</summary>
    NotFound,

    /// <summary>The path has no such method.</summary>
    MethodNotAllowed,

    /// <summary>Somebody else changed it meanwhile.</summary>
    Conflict,

    /// <summary>The state of something else stands in the way.</summary>
    Refused,

    /// <summary>The body is too large.</summary>
    TooLarge,

    /// <summary>The body is of a type that is not understood.</summary>
    UnsupportedMediaType,

    /// <summary>If-Match is needed.</summary>
    PreconditionRequired,

    /// <summary>Too many wrong keys.</summary>
    TooManyAttempts,

    /// <summary>A bug.</summary>
    Internal,

    /// <summary>The store is away.</summary>
    StoreUnavailable,

    /// <summary>There is no admin key at all.</summary>
    Closed,
}
