using AiRouter.Admin.Management.Failures;

namespace AiRouter.Admin.Management;

/// <summary>What the OpenAPI document says of an operation, in few words at the operation.</summary>
internal static class OperationMetadata
{
    // Of every operation: the key may be wrong or may not do it, and the store may be away.
    private static readonly FailureKind[] Always =
        [FailureKind.Unauthorized, FailureKind.Forbidden, FailureKind.TooManyAttempts, FailureKind.StoreUnavailable];

    /// <summary>Names and explains an operation.</summary>
    /// <param name="endpoint">The operation.</param>
    /// <param name="name">Its id.</param>
    /// <param name="summary">What it does, in a line.</param>
    /// <param name="description">What else there is to know.</param>
    public static RouteHandlerBuilder Describe(
        this RouteHandlerBuilder endpoint, string name, string summary, string? description = null)
    {
        endpoint.WithName(name).WithSummary(summary);
        return description is null ? endpoint : endpoint.WithDescription(description);
    }

    /// <summary>The failures that the operation can have beside those that all have.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder endpoint, params FailureKind[] kinds)
    {
        foreach (var status in kinds.Concat(Always).Select(FailureAnswers.StatusOf).Distinct().Order())
        {
            endpoint.Produces<ManagementProblem>(status, FailureAnswers.MediaType);
        }

        return endpoint;
    }
}
