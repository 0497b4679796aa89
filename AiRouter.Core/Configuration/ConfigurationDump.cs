using System.Text.Json.Nodes;

namespace AiRouter.Core.Configuration;

/// <summary>Shows a configuration as people write it.</summary>
public static class ConfigurationDump
{
    /// <summary>What stands for the value of a header that is written out in the document: it may be secret.</summary>
    public const string Redacted = "(redacted)";

    /// <summary>
    /// The document as YAML, with its defaults. References to secrets are shown, secrets never; headers that are written
    /// out are <see cref="Redacted"/>.
    /// </summary>
    public static string ToYaml(RouterConfig config) =>
        Writing.YamlWriter.Write(JsonNode.Parse(Writing.DocumentWriter.ToJson(WithoutSecrets(config), withDefaults: true))!);

    private static RouterConfig WithoutSecrets(RouterConfig config) => config with
    {
        Backends = config.Backends.ToDictionary(
            b => b.Key,
            b => b.Value with
            {
                Headers = b.Value.Headers.ToDictionary(h => h.Key, h => IsReference(h.Value) ? h.Value : Redacted),
            }),
    };

    private static bool IsReference(string value) =>
        Secrets.SecretReference.Parse(value).Kind is Secrets.SecretKind.Environment or Secrets.SecretKind.File;
}
