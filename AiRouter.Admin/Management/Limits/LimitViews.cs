using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Limits;

/// <summary>What is limited, its limits, and how it stands.</summary>
public sealed record LimitView
{
    /// <summary>Names it: <c>global</c>, <c>key:ID</c>, <c>model:NAME</c>, <c>key:ID model:PATTERN</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The key's id, if it is about a key.</summary>
    public string? Key { get; init; }

    /// <summary>The key's name.</summary>
    public string? KeyName { get; init; }

    /// <summary>The model's name or pattern, if it is about a model.</summary>
    public string? Model { get; init; }

    /// <summary>What is allowed.</summary>
    public required LimitsConfig Limits { get; init; }

    /// <summary>What may be spent.</summary>
    public BudgetConfig? Budget { get; init; }

    /// <summary>What is used now.</summary>
    public required LimitUse Used { get; init; }
}

/// <summary>What is used now.</summary>
/// <param name="Requests">In the last 60 seconds.</param>
/// <param name="RequestsResetSeconds">Until none of them counts any more.</param>
/// <param name="Tokens">In the last 60 seconds, and reserved.</param>
/// <param name="TokensResetSeconds">Until none of the settled ones counts any more.</param>
/// <param name="Concurrent">Requests under way.</param>
/// <param name="SpentUsd">In the budget's current period.</param>
/// <param name="ReservedUsd">Reserved by requests under way.</param>
/// <param name="UnsettledUsd">The part of what is spent that is an upper bound: the replicas of those requests died.</param>
public sealed record LimitUse(
    long Requests,
    double RequestsResetSeconds,
    long Tokens,
    double TokensResetSeconds,
    int Concurrent,
    decimal SpentUsd,
    decimal ReservedUsd,
    decimal UnsettledUsd);
