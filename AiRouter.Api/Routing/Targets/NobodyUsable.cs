namespace AiRouter.Api.Routing.Targets;

/// <summary>Why none of a model's targets may be asked.</summary>
/// <param name="IsFull">A backend would take the request if it did not have as many already as it may have at a time.</param>
/// <param name="RetryIn">After which time somebody may be asked at the earliest; null: that is not known.</param>
internal readonly record struct NobodyUsable(bool IsFull, TimeSpan? RetryIn);
