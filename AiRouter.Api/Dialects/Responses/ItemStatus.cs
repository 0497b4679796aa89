namespace AiRouter.Api.Dialects.Responses;

/// <summary>What the API calls the states of items and responses.</summary>
internal static class ItemStatus
{
    /// <summary>More may come.</summary>
    public const string InProgress = "in_progress";

    /// <summary>All is there.</summary>
    public const string Completed = "completed";

    /// <summary>The model was stopped before its own end.</summary>
    public const string Incomplete = "incomplete";

    /// <summary>The answer broke off; of responses only.</summary>
    public const string Failed = "failed";
}
