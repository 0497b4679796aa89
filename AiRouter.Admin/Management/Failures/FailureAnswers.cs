using System.Collections.Frozen;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Failures;

/// <summary>How each kind of failure is answered: one table.</summary>
internal static class FailureAnswers
{
    /// <summary>The media type of problem details.</summary>
    public const string MediaType = "application/problem+json";

    private static readonly FrozenDictionary<FailureKind, (int Status, string Name, string Title)> Table =
        new Dictionary<FailureKind, (int, string, string)>
        {
            [FailureKind.Invalid] = (400, "invalid", "What was given is wrong"),
            [FailureKind.Unauthorized] = (401, "unauthorized", "An admin key is needed"),
            [FailureKind.Forbidden] = (403, "forbidden", "This admin key may not do that"),
            [FailureKind.ReadOnly] = (403, "read-only", "The configuration is changed elsewhere"),
            [FailureKind.NotFound] = (404, "not-found", "There is no such thing"),
            [FailureKind.MethodNotAllowed] = (405, "method-not-allowed", "The path has no such method"),
            [FailureKind.Conflict] = (409, "conflict", "Somebody else changed it meanwhile"),
            [FailureKind.Refused] = (409, "refused", "Something else stands in the way"),
            [FailureKind.TooLarge] = (413, "too-large", "The body is too large"),
            [FailureKind.UnsupportedMediaType] = (415, "unsupported-media-type", "The body's type is not understood"),
            [FailureKind.PreconditionRequired] = (428, "precondition-required", "If-Match is needed"),
            [FailureKind.TooManyAttempts] = (429, "too-many-attempts", "Too many wrong admin keys"),
            [FailureKind.Internal] = (500, "internal", "Admin failed"),
            [FailureKind.StoreUnavailable] = (503, "store-unavailable", "The store is away"),
            [FailureKind.Closed] = (503, "closed", "The management API is closed"),
        }.ToFrozenDictionary();

    /// <summary>The status of a kind.</summary>
    public static int StatusOf(FailureKind kind) => Table[kind].Status;

    /// <summary>What a kind is called.</summary>
    public static string TitleOf(FailureKind kind) => Table[kind].Title;

    /// <summary>The answer as an endpoint gives it.</summary>
    public static IResult Result(ManagementFailure failure) =>
        Results.Json(ProblemOf(failure), contentType: MediaType, statusCode: StatusOf(failure.Kind));

    /// <summary>Writes the answer where there is no endpoint.</summary>
    public static Task WriteAsync(HttpContext context, ManagementFailure failure) => Result(failure).ExecuteAsync(context);

    private static ManagementProblem ProblemOf(ManagementFailure failure)
    {
        var (status, name, title) = Table[failure.Kind];
        return new ManagementProblem($"urn:airouter:problem:{name}", title, status, failure.Detail)
        {
            Errors = failure.Errors.Count == 0 ? null : [.. failure.Errors.Select(ErrorOf)],
            CurrentVersion = failure.CurrentVersion,
        };
    }
    private static ManagementError ErrorOf(ConfigurationProblem problem) =>
        new(problem.Path, problem.Message) { Line = problem.Place?.Line, Column = problem.Place?.Column };
}
