using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiRouter.Admin.Components.Shared.Comparing;

/// <summary>Two changes of one record made into one, where they leave each other's fields alone.</summary>
/// <param name="Json">The record with both changes; null: both change the same.</param>
/// <param name="Overlaps">The fields that both change, each to something else.</param>
internal sealed record RecordMerge(string? Json, IReadOnlyList<string> Overlaps)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Lays a change of a record over another change of it.</summary>
    /// <param name="began">JSON of the record that both changes were made of.</param>
    /// <param name="now">With the other's change.</param>
    /// <param name="wanted">With one's own.</param>
    public static RecordMerge Of(string began, string now, string wanted)
    {
        var overlaps = new List<string>();
        var merged = Merge(JsonNode.Parse(began), JsonNode.Parse(now), JsonNode.Parse(wanted), "", overlaps);
        return new RecordMerge(overlaps.Count > 0 ? null : merged?.ToJsonString(Plain) ?? "null", overlaps);
    }

    private static JsonNode? Merge(JsonNode? began, JsonNode? now, JsonNode? wanted, string path, List<string> overlaps)
    {
        if (JsonNode.DeepEquals(began, wanted) || JsonNode.DeepEquals(now, wanted))
        {
            return now?.DeepClone();
        }

        if (JsonNode.DeepEquals(began, now))
        {
            return wanted?.DeepClone();
        }

        if (began is not JsonObject was || now is not JsonObject theirs || wanted is not JsonObject mine)
        {
            // A list is one value: nobody can tell which of its items was meant.
            overlaps.Add(path);
            return now?.DeepClone();
        }

        var merged = new JsonObject();
        foreach (var name in theirs.Select(static m => m.Key).Concat(mine.Select(static m => m.Key)).Distinct(StringComparer.Ordinal))
        {
            var value = Merge(was[name], theirs[name], mine[name], path.Length == 0 ? name : $"{path}.{name}", overlaps);
            if (value is not null)
            {
                merged.Add(name, value);
            }
        }

        return merged;
    }
}
