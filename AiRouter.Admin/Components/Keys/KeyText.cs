using System.Globalization;
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
        var many => $"{string.Join(", ", many.Take(MostModels))} and {Number(many.Count - MostModels)} more",
    };

    /// <summary>What is limited by the minute or at a time; null: nothing.</summary>
    public static string? Limits(LimitsConfig limits)
    {
        string?[] parts =
        [
            limits.RequestsPerMinute is { } requests ? $"{Number(requests)} requests/min" : null,
            limits.TokensPerMinute is { } tokens ? $"{Number(tokens)} tokens/min" : null,
            limits.Concurrent is { } concurrent ? $"{Number(concurrent)} at a time" : null,
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

    /// <summary>Dollars: cents, and as many digits more as a small amount needs to be told from nothing.</summary>
    public static string Money(decimal usd) => usd switch
    {
        0 => "$0.00",
        < 0.01m => "$" + usd.ToString("0.00######", CultureInfo.InvariantCulture),
        _ => "$" + usd.ToString("#,0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>A number with separators.</summary>
    public static string Number(decimal number) => number.ToString("#,0.###", CultureInfo.InvariantCulture);

    /// <summary>How many keys are shown.</summary>
    public static string Count(int shown, int all) =>
        shown == all ? $"{Number(all)} {(all == 1 ? "key" : "keys")}" : $"{Number(shown)} of {Number(all)} keys";
}
