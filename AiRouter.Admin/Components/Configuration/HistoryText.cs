using System.Text.Json.Nodes;
using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Components.Configuration;

/// <summary>The history in words.</summary>
internal static class HistoryText
{
    private const int Longest = 120;
    private const string Hidden = $"\"{ConfigurationDump.Redacted}\"";

    private const int MostPlaces = 3;

    /// <summary>What became of a value.</summary>
    public static string Of(ConfigurationDifference difference) => (difference.Before, difference.After) switch
    {
        (null, null) => "changed",

        // Both are hidden: only that they differ is known.
        ({ } before, { } after) when before == Hidden && after == Hidden => "replaced by another",
        (null, var after) when difference.Path.Length == 0 => Value(after),
        (null, var after) => IsRecord(after) || after == Hidden ? "added" : $"set to {Value(after)}",
        (var before, null) => IsRecord(before) || before == Hidden ? "removed" : $"removed (was {Value(before)})",
        var (before, after) => $"{Value(before)} → {Value(after)}",
    };

    /// <summary>What a change was about: its first few places.</summary>
    public static string Summary(IReadOnlyList<ConfigurationDifference> differences)
    {
        var places = differences.Where(static d => d.Path.Length > 0).Select(static d => d.Path).ToList();
        return places.Count switch
        {
            0 => "Nothing differs",
            <= MostPlaces => string.Join(", ", places),
            _ => $"{string.Join(", ", places.Take(MostPlaces))} and {places.Count - MostPlaces} more",
        };
    }

    /// <summary>Who made a change.</summary>
    public static string Author(string by) => by switch
    {
        "seed" => "seed: the first router, from its file",
        "gitops" => "gitops: the routers' file",
        "environment" => "environment: the key AIROUTER_ADMIN_KEY",
        _ => by,
    };

    private static bool IsRecord(string? json) => json is ['{', ..];

    // A text without its quotes, anything else as JSON; never more than fits a line or two.
    private static string Value(string? json)
    {
        var text = json is ['"', ..] && JsonNode.Parse(json) is { } node ? node.GetValue<string>() : json ?? "";
        return text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "…");
    }
}
