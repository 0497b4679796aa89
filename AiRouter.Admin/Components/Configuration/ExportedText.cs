using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Components.Configuration;

/// <summary>The document as a file: without credentials, which stay where they are (<c>set</c>).</summary>
internal static class ExportedText
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text.</summary>
    /// <param name="config">The document as it is stored.</param>
    /// <param name="isYaml">YAML, or else JSON.</param>
    public static string Of(RouterConfig config, bool isYaml) => isYaml
        ? ConfigurationJson.WriteYaml(Shown.Of(config))
        : JsonNode.Parse(Shown.Json(config))!.ToJsonString(Indented) + "\n";
}
