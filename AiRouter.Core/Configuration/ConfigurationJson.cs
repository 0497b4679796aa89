using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Core.Configuration.Writing;

namespace AiRouter.Core.Configuration;

/// <summary>The document as JSON, as it lies in the store and goes over the management API.</summary>
public static class ConfigurationJson
{
    /// <summary>The document: known order, names sorted, nothing that is the default. Equal configurations are equal texts.</summary>
    public static string Write(RouterConfig config) => Encoding.UTF8.GetString(DocumentWriter.ToJson(config));

    /// <summary>One record of the document, such as a <see cref="BackendConfig"/>.</summary>
    public static string WriteRecord(object record) => Encoding.UTF8.GetString(DocumentWriter.ToJson(record));

    /// <summary>The document as YAML, what is the default left out.</summary>
    public static string WriteYaml(RouterConfig config) => YamlWriter.Write(JsonNode.Parse(DocumentWriter.ToJson(config))!);

    /// <summary>JSON as the same in YAML, a value a line.</summary>
    public static string ToYaml(string json) => YamlWriter.Write(JsonNode.Parse(json)!);

    /// <summary>
    /// The records that a JSON document describes. Unknown keys, wrong types and values out of their range are problems; whether
    /// names and references are right is <see cref="RouterConfigurationLoader.Build"/>'s business.
    /// </summary>
    /// <param name="json">The document.</param>
    /// <param name="name">What messages call it.</param>
    public static (RouterConfig? Config, IReadOnlyList<ConfigurationProblem> Problems) Read(string json, string name) =>
        Read(WrittenConfiguration.OfJson(json, name));

    /// <summary>As <see cref="Read(string, string)"/>, of YAML.</summary>
    public static (RouterConfig? Config, IReadOnlyList<ConfigurationProblem> Problems) ReadYaml(string yaml, string name) =>
        Read(WrittenConfiguration.OfYaml(yaml, name));

    private static (RouterConfig?, IReadOnlyList<ConfigurationProblem>) Read(WrittenConfiguration written) =>
        (written.Config, written.Problems);
}
