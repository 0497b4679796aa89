using AiRouter.Admin.Components.Shared;
using AiRouter.Admin.Management.Keys;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Components.Keys;

/// <summary>What pages say about client keys.</summary>
internal static class KeyText
{
    private const int MostModels = 3;

    /// <summary>Whether a key works, for its badge.</summary>
    public static (StatusKind Kind, string Text) Of(KeyStatus status) => status switch
    {
        KeyStatus.Active => (StatusKind.Good, "Active"),
        KeyStatus.Disabled => (StatusKind.Neutral, "Disabled"),
        KeyStatus.Expired => (StatusKind.Warning, "Expired"),
        _ => (StatusKind.Bad, "Revoked"),
    };

    /// <summary>The models that a key may use, the first few by name.</summary>
    public static string Models(KeyTerms terms) => terms.Models switch
    {
        null => "All models",
        [] => "None",
        { Count: <= MostModels } some => string.Join(", ", some),
        var many => $"{string.Join(", ", many.Take(MostModels))} and {Quantity.Count(many.Count - MostModels)} more",
    };

    /// <summary>What is limited by the minute or at a time; null: nothing.</summary>
    public static string? Limits(LimitsConfig limits)
    {
        string?[] parts =
        [
            limits.RequestsPerMinute is { } requests ? $"{Quantity.Count(requests)} requests/min" : null,
            limits.TokensPerMinute is { } tokens ? $"{Quantity.Count(tokens)} tokens/min" : null,
            limits.Concurrent is { } concurrent ? $"{Quantity.Count(concurrent)} at a time" : null,
        ];
        return string.Join(" · ", parts.OfType<string>()) is { Length: > 0 } text ? text : null;
    }

    /// <summary>A period after an amount.</summary>
    public static string Of(BudgetPeriod period) => period switch
    {
        BudgetPeriod.Day => "a day",
        BudgetPeriod.Week => "a week",
        BudgetPeriod.Month => "a month",
        _ => "in all",
    };

    /// <summary>How many keys are shown.</summary>
    public static string Count(int shown, int all) =>
        shown == all ? $"{Quantity.Count(all)} {(all == 1 ? "key" : "keys")}" : $"{Quantity.Count(shown)} of {Quantity.Count(all)} keys";
}
