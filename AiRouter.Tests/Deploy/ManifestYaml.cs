using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AiRouter.Tests.Deploy;

/// <summary>Reads manifests as Kubernetes does: YAML 1.1, in which <c>on</c> and <c>no</c> are booleans and <c>0440</c> is octal. A key that
/// stands twice is an error.</summary>
internal static class ManifestYaml
{
    private static readonly HashSet<string> Null = ["", "~", "null", "Null", "NULL"];
    private static readonly HashSet<string> True =
        ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"];

    private static readonly HashSet<string> False =
        ["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"];

    /// <summary>All objects of a file's text; empty documents are left out.</summary>
    /// <exception cref="YamlException">The text is no YAML, or a key stands twice.</exception>
    public static IReadOnlyList<KubernetesObject> Objects(string text, string source) =>
        [.. Documents(text).OfType<JsonObject>().Select(json => new KubernetesObject(json, source))];

    /// <summary>All documents of a text.</summary>
    public static IEnumerable<JsonNode?> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Select(static document => Json(document.RootNode));
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(
            static pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value ?? "", Json(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value ?? ""),
        YamlScalarNode scalar => scalar.Value,
        _ => throw new InvalidOperationException($"A {node.NodeType} in a manifest."),
    };

    private static JsonNode? Plain(string text)
    {
        if (Null.Contains(text))
        {
            return null;
        }

        if (True.Contains(text) || False.Contains(text))
        {
            return True.Contains(text);
        }

        if (text.Length > 1 && text[0] == '0' && text.All(static c => c is >= '0' and <= '7'))
        {
            return Convert.ToInt64(text, 8);
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        const NumberStyles Real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return char.IsAsciiDigit(text[^1]) && double.TryParse(text, Real, CultureInfo.InvariantCulture, out var real)
            ? real
            : text;
    }
}
