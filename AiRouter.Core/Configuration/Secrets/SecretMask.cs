using System.Text.Json.Nodes;

namespace AiRouter.Core.Configuration.Secrets;

/// <summary>Takes what may be secret out of a document: headers that are written out, credentials that are no reference.</summary>
internal static class SecretMask
{
    /// <summary>A copy of the document's JSON, with <see cref="ConfigurationDump.Redacted"/> in their place.</summary>
    public static JsonNode Of(JsonNode document)
    {
        var copy = document.DeepClone();
        foreach (var backend in Members(copy["backends"]))
        {
            if (backend.Value is JsonObject record)
            {
                Mask(record, "apiKey");
                foreach (var header in Members(record["headers"]).ToList())
                {
                    Mask((JsonObject)record["headers"]!, header.Key);
                }
            }
        }

        return copy;
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Members(JsonNode? node) => node as JsonObject ?? [];

    private static void Mask(JsonObject record, string name)
    {
        if (record[name] is JsonValue value && value.TryGetValue<string>(out var text) &&
            SecretReference.Parse(text).Kind is SecretKind.Literal or SecretKind.Encrypted)
        {
            record[name] = ConfigurationDump.Redacted;
        }
    }
}
