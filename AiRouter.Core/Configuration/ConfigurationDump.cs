using System.Text.Json.Nodes;

namespace AiRouter.Core.Configuration;

/// <summary>Shows a configuration as people write it.</summary>
public static class ConfigurationDump
{
    /// <summary>What stands for a value that may be secret: a header that is written out, a credential that is no reference.</summary>
    public const string Redacted = "(redacted)";

    /// <summary>
    /// The document as YAML, with its defaults. References to secrets are shown, secrets never: they are <see cref="Redacted"/>.
    /// </summary>
    public static string ToYaml(RouterConfig config) => Writing.YamlWriter.Write(
        Secrets.SecretMask.Of(JsonNode.Parse(Writing.DocumentWriter.ToJson(config, withDefaults: true))!));

    /// <summary>
    /// The document as YAML, as somebody would write it: without what is the default anyway. Nothing is masked, so that it can be served.
    /// </summary>
    public static string ToShortYaml(RouterConfig config) => Writing.YamlWriter.Write(
        JsonNode.Parse(Writing.DocumentWriter.ToJson(config))!);
}
