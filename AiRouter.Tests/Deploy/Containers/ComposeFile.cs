using System.Text.Json.Nodes;
using AiRouter.Tests.Repository;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace AiRouter.Tests.Deploy.Containers;

/// <summary><c>compose.yaml</c>, with its shared parts put in. All values are text.</summary>
internal static class ComposeFile
{
    /// <summary>The whole document.</summary>
    public static JsonObject Document { get; } = (JsonObject)Json(new DeserializerBuilder().Build().Deserialize<object>(
        new MergingParser(new Parser(new StringReader(Checkout.Read("compose.yaml"))))))!;

    /// <summary>Its services, by name.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Services { get; } =
        ((JsonObject)Document["services"]!).ToDictionary(static s => s.Key, static s => (JsonObject)s.Value!);

    /// <summary>A list of texts, empty when it is not there.</summary>
    public static IReadOnlyList<string> Texts(this JsonNode? list) => [.. (list as JsonArray ?? []).Select(static t => (string)t!)];

    /// <summary>The variables of a service.</summary>
    public static IReadOnlyDictionary<string, string> Variables(string service) => (Services[service]["environment"] as JsonObject ?? [])
        .ToDictionary(static v => v.Key, static v => (string)v.Value!);

    private static JsonNode? Json(object? value) => value switch
    {
        null => null,
        IDictionary<object, object> map => new JsonObject(
            map.Select(static pair => KeyValuePair.Create((string)pair.Key, Json(pair.Value)))),
        IEnumerable<object> list => new JsonArray([.. list.Select(Json)]),
        _ => (string)value,
    };
}
