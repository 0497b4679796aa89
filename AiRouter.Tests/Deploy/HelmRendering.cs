using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AiRouter.Tests.Deploy;

/// <summary>Renders a published chart as Helm does, as far as its templates go: values, what is required, a file. Another
/// expression is an error.</summary>
internal static partial class HelmRendering
{
    /// <summary>All objects of a chart.</summary>
    /// <param name="folder">The chart.</param>
    /// <param name="secrets">Values under <c>secrets</c>, as <c>--set</c> gives them.</param>
    /// <exception cref="InvalidOperationException">A value is required and missing, or an expression is unknown.</exception>
    public static IReadOnlyList<KubernetesObject> Render(
        string folder, params IReadOnlyList<KeyValuePair<string, string>> secrets)
    {
        var text = File.ReadAllText(Path.Combine(folder, "values.yaml"));
        var values = (JsonObject)ManifestYaml.Documents(text).Single()!;
        foreach (var (path, value) in secrets)
        {
            var steps = path.Split('.');
            ((JsonObject)KubernetesObject.At(values, $"secrets.{steps[0]}")!)[steps[1]] = value;
        }

        string Rendered(string template) =>
            Expression().Replace(template, match => Evaluate(match.Groups["code"].Value, values, folder));
        return [.. PublishedFiles.Read(Path.Combine(folder, "templates"))
            .SelectMany(template => ManifestYaml.Objects(Rendered(template.Value), template.Key))];
    }

    private static string Evaluate(string code, JsonObject values, string folder) => code switch
    {
        ".Chart.Name" or ".Release.Name" => "airouter",
        "if .Files.Get \"airouter.yaml\"" or "end" => string.Empty,
        ".Files.Get \"airouter.yaml\" | toJson" =>
            JsonSerializer.Serialize(File.ReadAllText(Path.Combine(folder, "airouter.yaml"))),
        _ when Checksum().IsMatch(code) => "checksum",
        _ when Plain().Match(code) is { Success: true } plain => Value(values, plain.Groups["path"].Value),
        _ when Encoded().Match(code) is { Success: true } encoded => Base64(Required(values, encoded)),
        _ when Composed().Match(code) is { Success: true } composed =>
            Base64(composed.Groups["format"].Value.Replace("%s", Required(values, composed), StringComparison.Ordinal)),
        _ => throw new InvalidOperationException($"The templates of the chart have an expression that is new here: {code}"),
    };

    private static string Value(JsonObject values, string path) => KubernetesObject.At(values, path)?.ToString()
        ?? throw new InvalidOperationException($"values.yaml has nothing at {path}");

    private static string Required(JsonObject values, Match match) =>
        Value(values, match.Groups["path"].Value) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException(match.Groups["message"].Value);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    [GeneratedRegex(@"\{\{ (?<code>.*?) \}\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Expression();

    [GeneratedRegex(@"^\.Values\.[\w.]+ \| toJson \| sha256sum$")]
    private static partial Regex Checksum();

    [GeneratedRegex(@"^\.Values\.(?<path>[\w.]+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Plain();

    [GeneratedRegex(@"^required `(?<message>[^`]+)` \.Values\.(?<path>[\w.]+) \| b64enc$", RegexOptions.ExplicitCapture)]
    private static partial Regex Encoded();

    [GeneratedRegex(
        @"^printf `(?<format>[^`]+)` \(required `(?<message>[^`]+)` \.Values\.(?<path>[\w.]+)\) \| b64enc$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Composed();
}
