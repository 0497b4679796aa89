using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Core.Configuration.Reading;
using AiRouter.Core.Configuration.Secrets;
using AiRouter.Core.Stores;

namespace AiRouter.Core.Configuration;

/// <summary>What differs between two documents, for the history and for people who review a change. Secrets are left out.</summary>
public static class ConfigurationDiff
{
    /// <summary>More differences than this are not listed one by one.</summary>
    public const int MostDifferences = 500;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The differences, in the order of the documents. A whole backend or model that is new or gone is one of them.</summary>
    /// <param name="before">JSON of the document before; null: there was none.</param>
    /// <param name="after">JSON of the document after.</param>
    public static IReadOnlyList<ConfigurationDifference> Between(string? before, string after)
    {
        var found = new List<ConfigurationDifference>();
        Compare(Side.Of(before), Side.Of(after), ConfigPath.Root, 0, found);
        return found.Count <= MostDifferences
            ? found
            :
            [
                .. found.Take(MostDifferences),
                new ConfigurationDifference("", null, Text($"and {found.Count - MostDifferences} more")),
            ];
    }

    private static void Compare(Side before, Side after, ConfigPath path, int depth, List<ConfigurationDifference> found)
    {
        if (JsonNode.DeepEquals(before.Raw, after.Raw))
        {
            return;
        }

        // A section that is new is told by its entries: "models.llama" says more than "models".
        if (depth <= 1 && (before.Raw ?? after.Raw) is JsonObject && (after.Raw ?? before.Raw) is JsonObject)
        {
            CompareMembers(before, after, path, depth, found);
            return;
        }

        switch (before.Raw, after.Raw)
        {
            case (JsonObject, JsonObject):
                CompareMembers(before, after, path, depth, found);
                break;
            case (JsonArray old, JsonArray now) when old.Concat(now).All(static item => item is JsonObject):
                CompareItems(before, after, old, now, path, depth, found);
                break;
            default:
                found.Add(new ConfigurationDifference(path.ToString(), before.Text, after.Text));
                break;
        }
    }

    private static void CompareMembers(Side before, Side after, ConfigPath path, int depth, List<ConfigurationDifference> found)
    {
        foreach (var name in Names(after.Raw).Concat(Names(before.Raw)).Distinct(StringComparer.Ordinal))
        {
            Compare(before[name], after[name], path[name], depth + 1, found);
        }
    }

    // Equal items at both ends are left out, so that one that is taken away is not told as a change of all that follow.
    private static void CompareItems(
        Side before, Side after, JsonArray old, JsonArray now, ConfigPath path, int depth, List<ConfigurationDifference> found)
    {
        var shorter = Math.Min(old.Count, now.Count);
        var head = 0;
        while (head < shorter && JsonNode.DeepEquals(old[head], now[head]))
        {
            head++;
        }

        var tail = 0;
        while (tail < shorter - head && JsonNode.DeepEquals(old[^(tail + 1)], now[^(tail + 1)]))
        {
            tail++;
        }

        for (var i = head; i < Math.Max(old.Count, now.Count) - tail; i++)
        {
            Compare(
                i < old.Count - tail ? before[i] : Side.Nothing, i < now.Count - tail ? after[i] : Side.Nothing, path[i], depth + 1, found);
        }
    }

    private static IEnumerable<string> Names(JsonNode? node) => (node as JsonObject)?.Select(static member => member.Key) ?? [];

    private static string Text(JsonNode node) => node.ToJsonString(Compact);

    /// <summary>A value as it is, to compare, and as it is shown.</summary>
    private readonly record struct Side(JsonNode? Raw, JsonNode? Shown)
    {
        public static Side Nothing => default;

        public string? Text => Shown is null ? null : ConfigurationDiff.Text(Shown);

        public Side this[string name] => new((Raw as JsonObject)?[name], (Shown as JsonObject)?[name]);

        public Side this[int index] => new(Raw![index], Shown![index]);

        public static Side Of(string? json) =>
            json is not null && JsonNode.Parse(json) is { } node ? new Side(node, SecretMask.Of(node)) : Nothing;
    }
}
