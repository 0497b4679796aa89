using System.Text.Json.Nodes;

namespace AiRouter.Tests.Deploy;

/// <summary>Kubernetes' strategic merge patch, as far as the manifests use it: maps are merged, null removes, lists of the fields below
/// are merged by their key, others are replaced.</summary>
internal static class StrategicMerge
{
    private static readonly Dictionary<string, string> Keys = new()
    {
        ["containers"] = "name",
        ["env"] = "name",
        ["volumes"] = "name",
        ["volumeMounts"] = "mountPath",
    };

    /// <summary>Changes <paramref name="target"/> as <paramref name="patch"/> says.</summary>
    public static void Apply(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            switch (value)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject map when target[name] is JsonObject below:
                    Apply(below, map);
                    break;
                case JsonArray list when target[name] is JsonArray below && Keys.TryGetValue(name, out var key):
                    Apply(below, list, key);
                    break;
                default:
                    target[name] = value.DeepClone();
                    break;
            }
        }
    }

    // As kustomize does it: what the patch has comes first, in its order.
    private static void Apply(JsonArray target, JsonArray patch, string key)
    {
        var at = 0;
        foreach (var item in patch.OfType<JsonObject>())
        {
            var same = target.OfType<JsonObject>().FirstOrDefault(t => JsonNode.DeepEquals(t[key], item[key]));
            if (same is null)
            {
                same = (JsonObject)item.DeepClone();
            }
            else
            {
                target.Remove(same);
                Apply(same, item);
            }

            target.Insert(at++, same);
        }
    }
}
