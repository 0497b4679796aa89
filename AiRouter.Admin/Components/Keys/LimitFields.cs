using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Components.Keys;

/// <summary>Limits and a budget, as they are typed; what is empty is not limited.</summary>
public sealed partial class LimitFields
{
    /// <summary>Requests in any 60 seconds.</summary>
    public string RequestsPerMinute { get; set; } = "";

    /// <summary>Tokens in any 60 seconds.</summary>
    public string TokensPerMinute { get; set; } = "";

    /// <summary>Requests at the same time.</summary>
    public string Concurrent { get; set; } = "";

    /// <summary>US dollars.</summary>
    public string Usd { get; set; } = "";

    /// <summary>For how long they are.</summary>
    public BudgetPeriod Per { get; set; } = BudgetPeriod.Month;

    /// <summary>Whether nothing is limited.</summary>
    public bool IsEmpty => string.IsNullOrWhiteSpace(RequestsPerMinute + TokensPerMinute + Concurrent + Usd);

    /// <summary>The fields of limits as they are.</summary>
    public static LimitFields Of(LimitsConfig limits, BudgetConfig? budget) => new()
    {
        RequestsPerMinute = Text(limits.RequestsPerMinute),
        TokensPerMinute = Text(limits.TokensPerMinute),
        Concurrent = Text(limits.Concurrent),
        Usd = Text(budget?.Usd),
        Per = budget?.Per ?? BudgetPeriod.Month,
    };

    /// <summary>The limits, as a document has them.</summary>
    internal JsonObject LimitsJson() => new()
    {
        ["requestsPerMinute"] = Whole(RequestsPerMinute),
        ["tokensPerMinute"] = Whole(TokensPerMinute),
        ["concurrent"] = Whole(Concurrent),
    };

    /// <summary>The budget, as a document has it; null: none.</summary>
    internal JsonObject? BudgetJson() => Usd.Trim() is { Length: > 0 } usd
        ? new JsonObject { ["usd"] = usd.TrimStart('$', ' '), ["per"] = JsonNamingPolicy.CamelCase.ConvertName(Per.ToString()) }
        : null;

    private static string Text<T>(T? value)
        where T : struct, IFormattable => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";

    // "200,000" and "200 000" are typed as they are shown elsewhere. Of dollars a comma could be either.
    private static string? Whole(string text) => text.Trim() switch
    {
        "" => null,
        var trimmed when Grouped().IsMatch(trimmed) => Separators().Replace(trimmed, ""),
        var trimmed => trimmed,
    };

    [GeneratedRegex(@"^\d{1,3}([,'_ \u00A0\u202F]\d{3})+$")]
    private static partial Regex Grouped();

    [GeneratedRegex(@"\D")]
    private static partial Regex Separators();
}

/// <summary>What a key may use of one model, as it is typed.</summary>
public sealed class ModelLimitFields
{
    /// <summary>The model's name, or a pattern.</summary>
    public string Model { get; set; } = "";

    /// <summary>How much.</summary>
    public LimitFields Limits { get; init; } = new();

    /// <summary>The name as it counts.</summary>
    public string Name => Model.Trim();

    /// <summary>The entry, as a document has it.</summary>
    internal KeyValuePair<string, JsonNode?> ToJson()
    {
        var limits = Limits.LimitsJson();
        limits["budget"] = Limits.BudgetJson();
        return new KeyValuePair<string, JsonNode?>(Name, limits);
    }
}
