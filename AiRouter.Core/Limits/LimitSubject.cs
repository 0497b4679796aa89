using AiRouter.Core.Configuration;

namespace AiRouter.Core.Limits;

/// <summary>Something whose use is limited: a key, a model, a key's use of a model, or everything.</summary>
/// <param name="Id">
/// Names it in the store and stays the same over restarts and edits: <c>global</c>, <c>key:ID</c>, <c>model:NAME</c>,
/// <c>key:ID model:PATTERN</c>.
/// </param>
/// <param name="Limits">What may be used at a time.</param>
/// <param name="Budget">What may be spent.</param>
public sealed record LimitSubject(string Id, LimitsConfig Limits, BudgetConfig? Budget)
{
    /// <summary>Whether anything is limited at all; a subject without limits is not asked about.</summary>
    public bool HasLimits =>
        Budget is not null || Limits.RequestsPerMinute is not null || Limits.TokensPerMinute is not null ||
        Limits.Concurrent is not null;
}
