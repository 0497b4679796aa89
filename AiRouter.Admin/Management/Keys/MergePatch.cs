using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Keys;

/// <summary>JSON merge patches (RFC 7396) of records: what is named is changed, null takes it back to its default.</summary>
internal static class MergePatch
{
    /// <summary>The record with the patch applied, or what is wrong with it then.</summary>
    public static Outcome<T> Apply<T>(T record, JsonObject patch)
        where T : class
    {
        var merged = Merge(JsonNode.Parse(ConfigurationJson.WriteRecord(record)), patch);
        var (changed, problems) = RecordJson.Read<T>(Encoding.UTF8.GetBytes(merged!.ToJsonString()));
        return changed is null ? ManagementFailure.Invalid(problems) : changed;
    }

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var merged = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = Merge(merged[name], value);
            }
        }

        return merged;
    }
}
